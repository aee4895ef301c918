//! From lexemes to a filter, with a diagnostic for every part that had to be left out.
//!
//! Recursive descent over the grammar in the header of `filter`. Parentheses nest [`DEPTH_MAX`]
//! deep, so that no pasted text overflows the stack here or in `matches`.

use std::ops::Range;

use super::Diagnostic;
use super::Filter;
use super::Node;
use super::Reading;
use super::fields;
use super::fields::Made;
use super::lexer;
use super::lexer::Lexeme;
use super::lexer::Token;

/// Parentheses within parentheses: nobody types so many.
const DEPTH_MAX: usize = 32;

/// A word that joins terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keyword {
    Not,
    And,
    Or,
}

struct Parser<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    at: usize,
    diagnostics: Vec<Diagnostic>,
}

pub(super) fn read(text: &str) -> Reading {
    let mut lexemes = lexer::lex(text);
    let diagnostics = take_strays(&mut lexemes);
    let mut parser = Parser { text, lexemes: &lexemes, at: 0, diagnostics };
    let root = parser.any(0);
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(|d| (d.range.start, d.range.end));
    Reading { filter: Filter { root }, diagnostics }
}

/// Takes out the parentheses that close nothing.
fn take_strays(lexemes: &mut Vec<Lexeme>) -> Vec<Diagnostic> {
    let mut depth = 0_usize;
    let mut diagnostics = Vec::new();
    lexemes.retain(|lexeme| {
        match lexeme.token {
            Token::Open => depth += 1,
            Token::Close if depth == 0 => {
                let words = "this parenthesis closes nothing".into();
                diagnostics.push(Diagnostic { range: lexeme.range.clone(), words });
                return false;
            }
            Token::Close => depth -= 1,
            _ => {}
        }
        true
    });
    diagnostics
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Lexeme> {
        self.lexemes.get(self.at)
    }

    /// Whether the lexeme after next is a relation: then even `or` is the name of a field.
    fn is_compared(&self) -> bool {
        let after = self.lexemes.get(self.at + 1);
        after.is_some_and(|l| matches!(l.token, Token::Relation(_)))
    }

    fn keyword(&self) -> Option<Keyword> {
        let lexeme = self.peek().filter(|l| l.token == Token::Word && !self.is_compared())?;
        let word = &self.text[lexeme.range.clone()];
        let words = [("not", Keyword::Not), ("and", Keyword::And), ("or", Keyword::Or)];
        words.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, k)| k)
    }

    /// Whether a term, a `not` or a parenthesis begins here.
    fn is_operand(&self) -> bool {
        let is_joint = matches!(self.keyword(), Some(Keyword::And | Keyword::Or));
        self.peek().is_some_and(|l| l.token != Token::Close) && !is_joint
    }

    /// Goes on by one lexeme and gives where it is.
    fn bump(&mut self) -> Range<usize> {
        let range = self.lexemes[self.at].range.clone();
        self.at += 1;
        range
    }

    fn say(&mut self, range: Range<usize>, words: impl Into<String>) {
        self.diagnostics.push(Diagnostic { range, words: words.into() });
    }

    fn any(&mut self, depth: usize) -> Option<Node> {
        let mut nodes = Vec::new();
        let mut joint: Option<Range<usize>> = None;
        loop {
            let start = self.at;
            nodes.extend(self.all(depth));
            let is_empty = self.at == start;
            let is_or = self.keyword() == Some(Keyword::Or);
            if is_empty && let Some(range) = joint.take() {
                self.say(range, "or needs something on its right");
            } else if is_empty && is_or {
                let range = self.lexemes[self.at].range.clone();
                self.say(range, "or needs something on its left");
            }
            if !is_or {
                return joined(nodes, Node::Any);
            }
            joint = Some(self.bump());
        }
    }

    fn all(&mut self, depth: usize) -> Option<Node> {
        let mut nodes = Vec::new();
        let start = self.at;
        loop {
            if self.is_operand() {
                nodes.extend(self.inverted(depth));
            } else if self.keyword() == Some(Keyword::And) {
                let is_first = self.at == start;
                let range = self.bump();
                if is_first || !self.is_operand() {
                    self.say(range, "and needs something on both sides");
                }
            } else {
                return joined(nodes, Node::All);
            }
        }
    }

    fn inverted(&mut self, depth: usize) -> Option<Node> {
        let mut is_inverted = false;
        let mut last = None;
        while self.keyword() == Some(Keyword::Not) {
            is_inverted = !is_inverted;
            last = Some(self.bump());
        }
        if let Some(range) = last
            && !self.is_operand()
        {
            self.say(range, "not needs something after it");
            return None;
        }
        let node = self.atom(depth)?;
        Some(if is_inverted { Node::Not(Box::new(node)) } else { node })
    }

    fn atom(&mut self, depth: usize) -> Option<Node> {
        if self.peek()?.token == Token::Open { self.group(depth) } else { self.term() }
    }

    fn group(&mut self, depth: usize) -> Option<Node> {
        let open = self.bump();
        if depth >= DEPTH_MAX {
            self.say(open, "there are too many parentheses within parentheses");
            self.skip_group();
            return None;
        }
        let start = self.at;
        let node = self.any(depth + 1);
        let is_empty = self.at == start;
        if self.peek().is_some_and(|l| l.token == Token::Close) {
            let close = self.bump();
            if is_empty {
                self.say(open.start..close.end, "there is nothing between these parentheses");
            }
        } else {
            self.say(open, "this parenthesis is not closed");
        }
        node
    }

    /// Goes on behind the parenthesis that closes the one before here.
    fn skip_group(&mut self) {
        let mut depth = 1_usize;
        while depth > 0
            && let Some(lexeme) = self.peek()
        {
            match lexeme.token {
                Token::Open => depth += 1,
                Token::Close => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// A comparison, a flag or a word.
    fn term(&mut self) -> Option<Node> {
        let lexeme = self.lexemes[self.at].clone();
        let word = &self.text[lexeme.inner.clone()];
        let is_compared = self.is_compared();
        self.bump();
        let made = match lexeme.token {
            Token::Relation(_) => {
                // What is compared is missing; its value is no word of its own.
                let value = self.value();
                let end = value.map_or(lexeme.range.end, |value| value.range.end);
                self.say(lexeme.range.start..end, "what is compared stands before this");
                return None;
            }
            Token::Quoted { is_closed } if !is_compared => {
                self.note_quotes(&lexeme, is_closed);
                fields::quoted(word)
            }
            _ if !is_compared => fields::bare(word),
            _ => return self.comparison(&lexeme),
        };
        self.take(made, lexeme.range)
    }

    fn comparison(&mut self, field: &Lexeme) -> Option<Node> {
        let sign = self.lexemes[self.at].clone();
        self.bump();
        let name = &self.text[field.inner.clone()];
        let value = self.value();
        let end = value.as_ref().map_or(sign.range.end, |value| value.range.end);
        let Token::Relation(relation) = sign.token else { return None };
        let text = value.map(|value| &self.text[value.inner]);
        self.take(fields::compared(name, relation, text), field.range.start..end)
    }

    /// What stands after a relation, if anything does.
    fn value(&mut self) -> Option<Lexeme> {
        let lexeme = self.peek()?.clone();
        match lexeme.token {
            Token::Word => {}
            Token::Quoted { is_closed } => self.note_quotes(&lexeme, is_closed),
            Token::Open | Token::Close | Token::Relation(_) => return None,
        }
        self.bump();
        Some(lexeme)
    }

    fn note_quotes(&mut self, lexeme: &Lexeme, is_closed: bool) {
        if !is_closed {
            let range = lexeme.range.start..lexeme.inner.start;
            self.say(range, "this quote is not closed");
        }
    }

    fn take(&mut self, made: Made, range: Range<usize>) -> Option<Node> {
        match made {
            Made::Term(term) => Some(Node::Term(term)),
            Made::Mistake(words) => {
                self.say(range, words);
                None
            }
        }
    }
}

/// One node is itself, several are joined, none is nothing.
fn joined(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Option<Node> {
    if nodes.len() > 1 { Some(join(nodes)) } else { nodes.pop() }
}
