//! Rust source as lines of code: without comments, without what stands in quotes, without tests.

/// The file's lines with comments and the insides of string literals blanked out, so that a rule
/// about code never trips over prose. Line numbers stay.
pub fn code(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let bytes: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let taken = match rest {
            ['/', '/', ..] => length_until(rest, 2, |r| r.first() == Some(&'\n')),
            ['/', '*', ..] => length_until(rest, 2, |r| r.starts_with(&['*', '/'])) + 2,
            ['r', '"', ..] => length_until(rest, 2, |r| r.first() == Some(&'"')) + 1,
            ['r', '#', '"', ..] => length_until(rest, 3, |r| r.starts_with(&['"', '#'])) + 2,
            ['"', ..] => quoted_length(rest),
            ['\'', '\\', _, ..] => length_until(rest, 3, |r| r.first() == Some(&'\'')) + 1,
            ['\'', _, '\'', ..] => 3,
            _ => 0,
        };
        if taken == 0 {
            push(&mut lines, rest[0]);
            at += 1;
            continue;
        }
        let taken = taken.min(rest.len());
        // A literal leaves a mark, so that `f("x")` does not become `f()`.
        lines.last_mut().expect("there is a line").push('_');
        rest[..taken].iter().filter(|c| **c == '\n').for_each(|c| push(&mut lines, *c));
        at += taken;
    }
    lines
}

/// The lines of code before the file's own tests.
pub fn code_without_tests(text: &str) -> Vec<String> {
    let mut lines = code(text);
    let tests = lines.iter().position(|line| line.trim() == "#[cfg(test)]");
    lines.truncate(tests.unwrap_or(lines.len()));
    lines
}

fn push(lines: &mut Vec<String>, c: char) {
    if c == '\n' {
        lines.push(String::new());
    } else {
        lines.last_mut().expect("there is a line").push(c);
    }
}

fn length_until(rest: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> usize {
    (from..rest.len()).find(|&at| is_end(&rest[at..])).unwrap_or(rest.len())
}

fn quoted_length(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

#[test]
fn comments_and_literals_are_no_code() {
    let lines = code("a // unsafe\nb(\"un\\\"safe\n\", '\"', 'x'); /* c\nd */ e\nr\"\\\" f");
    assert_eq!(lines, ["a _", "b(_", ", _, _); _", " e", "_ f"]);
}

#[test]
fn tests_are_cut_off() {
    assert_eq!(code_without_tests("a\n#[cfg(test)]\nmod tests {}"), ["a"]);
}
