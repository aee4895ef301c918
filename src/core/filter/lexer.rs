//! Cuts the text of a filter into words, quoted words, relations and parentheses.
//!
//! Every byte but white space belongs to exactly one lexeme. After a relation comes its value,
//! which runs to the next space, parenthesis or quote whatever is in it: `date:2026-05-03T14:05`.

use std::ops::Range;

use super::term::Relation;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Word,
    Quoted { is_closed: bool },
    Relation(Relation),
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    /// All of it, in bytes.
    pub(super) range: Range<usize>,
    /// Without its quotes.
    pub(super) inner: Range<usize>,
}

/// The longer ones first, where one begins like another.
const RELATIONS: [(&str, Relation); 9] = [
    ("<=", Relation::AtMost),
    (">=", Relation::AtLeast),
    ("==", Relation::Is),
    ("≤", Relation::AtMost),
    ("≥", Relation::AtLeast),
    ("<", Relation::Below),
    (">", Relation::Above),
    ("=", Relation::Is),
    (":", Relation::Has),
];

pub(super) fn lex(text: &str) -> Vec<Lexeme> {
    let mut lexemes: Vec<Lexeme> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let is_value = matches!(lexemes.last(), Some(l) if matches!(l.token, Token::Relation(_)));
        let lexeme = take(text, at, is_value);
        at = lexeme.range.end;
        lexemes.push(lexeme);
    }
    lexemes
}

fn take(text: &str, at: usize, is_value: bool) -> Lexeme {
    let rest = &text[at..];
    let of_len = |token, len: usize| {
        let range = at..at + len;
        Lexeme { token, inner: range.clone(), range }
    };
    if rest.starts_with('(') {
        return of_len(Token::Open, 1);
    }
    if rest.starts_with(')') {
        return of_len(Token::Close, 1);
    }
    if let Some(quoted) = rest.strip_prefix('"') {
        let end = quoted.find('"');
        let inner = at + 1..at + 1 + end.unwrap_or(quoted.len());
        let range = at..inner.end + usize::from(end.is_some());
        return Lexeme { token: Token::Quoted { is_closed: end.is_some() }, range, inner };
    }
    if !is_value && let Some((sign, relation)) = relation_at(rest) {
        return of_len(Token::Relation(relation), sign.len());
    }
    let ends = |(at, letter): (usize, char)| {
        let is_end = letter.is_whitespace()
            || matches!(letter, '(' | ')' | '"')
            || (!is_value && relation_at(&rest[at..]).is_some());
        is_end.then_some(at)
    };
    of_len(Token::Word, rest.char_indices().find_map(ends).unwrap_or(rest.len()))
}

fn relation_at(rest: &str) -> Option<(&'static str, Relation)> {
    RELATIONS.into_iter().find(|(sign, _)| rest.starts_with(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let found: Vec<&str> = lex(text).iter().map(|l| &text[l.range.clone()]).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn a_text_is_cut_at_spaces_parentheses_quotes_and_relations() {
        check("keep not(stars>=3)", &["keep", "not", "(", "stars", ">=", "3", ")"]);
        check(" camera : \"EOS R5\"x ", &["camera", ":", "\"EOS R5\"", "x"]);
        check("date:2026-05-03T14:05 f/2.8", &["date", ":", "2026-05-03T14:05", "f/2.8"]);
        check("iso≥100 \"open", &["iso", "≥", "100", "\"open"]);
        check("a>=<b", &["a", ">=", "<b"]);
    }

    #[test]
    fn quotes_are_no_part_of_what_they_quote() {
        let text = "\"a (b\" \"";
        let inner: Vec<&str> = lex(text).iter().map(|l| &text[l.inner.clone()]).collect();
        assert_eq!(inner, ["a (b", ""]);
    }
}
