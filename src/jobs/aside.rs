//! One slow thing on a thread of its own, whose answer the window takes when it is there.

use std::sync::Arc;
use std::thread;

use crossbeam_queue::ArrayQueue;

use super::Waker;

/// Something that is being done beside everything else.
#[derive(Debug)]
pub struct Aside<T> {
    answers: Arc<ArrayQueue<T>>,
}

impl<T: Send + 'static> Aside<T> {
    /// Runs `work` on a thread called `name`; `wake` is called when the answer is there. Where the
    /// system gives no thread, the answer is `otherwise`.
    pub fn run(
        name: &str,
        wake: Waker,
        otherwise: Option<T>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Self {
        let answers = Arc::new(ArrayQueue::new(1));
        let sink = Arc::clone(&answers);
        let run = move || {
            // There is room: this is the only answer.
            _ = sink.push(work());
            wake();
        };
        if thread::Builder::new().name(name.into()).spawn(run).is_err()
            && let Some(answer) = otherwise
        {
            _ = answers.push(answer);
        }
        Self { answers }
    }

    /// The answer, once. Never waits.
    #[must_use]
    pub fn take(&self) -> Option<T> {
        self.answers.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn an_answer_is_there_when_the_waker_is_called_and_is_given_once() {
        let (bell, rung) = mpsc::channel();
        let wake: Waker = Arc::new(move || bell.send(()).unwrap());
        let aside = Aside::run("test", wake, None, || 42);
        rung.recv().unwrap();
        assert_eq!((aside.take(), aside.take()), (Some(42), None));
    }
}
