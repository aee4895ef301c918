//! The program: arguments, logging, the exit code. The only place that prints an error chain.

use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use rushlight::app::cli::Cli;
use rushlight::app::cli::Task;
use rushlight::app::commands;
use rushlight::app::commands::Outcome;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    log();
    match run(&cli) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Partly) => ExitCode::from(3),
        // `rushlight exif ... | head`: nobody reads any more, which is no fault.
        Err(error) if is_unread(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Unlike a macro, this survives an error output that nobody reads any more.
            _ = writeln!(io::stderr(), "rushlight: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_unread(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

fn run(cli: &Cli) -> anyhow::Result<Outcome> {
    let out = &mut io::stdout().lock();
    Ok(match &cli.command {
        None => commands::open::run(commands::open::opener(&cli.open)?)?,
        Some(Task::Index(task)) => commands::index::run(task, out)?,
        Some(Task::Exif(task)) => commands::exif::run(task, out)?,
        Some(Task::Decisions(task)) => commands::decisions::run(task, out)?,
        Some(Task::Export(args)) => commands::export::run(&args.task, out)?,
        Some(Task::Settings(task)) => commands::settings::run(task, out)?,
        Some(Task::Completions(task)) => commands::settings::complete(task, out)?,
        Some(Task::Man) => commands::settings::man(out)?,
        Some(Task::Sidecars(args)) => commands::sidecars::run(&args.task, out)?,
        Some(Task::Predict(task)) => commands::predict::run(task, out)?,
        Some(Task::Evaluate(task)) => commands::evaluate::run(task, out)?,
        Some(Task::Cache(args)) => commands::cache::run(&args.task, out)?,
        Some(Task::Demo(task)) => commands::demo::run(task, out)?,
        Some(Task::Sheet(task)) => commands::sheet::run(task, &commands::open::opener(&cli.open)?)?,
    })
}

/// Warnings of our own on the terminal; more with `RUSHLIGHT_LOG=rushlight=info`.
fn log() {
    let filter = EnvFilter::try_from_env("RUSHLIGHT_LOG")
        .unwrap_or_else(|_| EnvFilter::new("error,rushlight=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false)
        .without_time()
        .init();
}
