//! What keys, buttons and the wheel do to the table: panels first, then the desk.

use winit::event::ElementState;
use winit::event::KeyEvent;
use winit::event::MouseButton;
use winit::event::MouseScrollDelta;
use winit::event::WindowEvent;

use super::compose::help;
use super::compose::over::menu_line_at;
use super::compose::strip;
use super::input::Intent;
use super::input::Key;
use super::keyboard::Keyboard;
use super::panel::FilterLine;
use super::panel::Help;
use super::panel::MENU;
use super::panel::Menu;
use super::panel::Over;
use super::panel::TagLine;
use super::window::Table;
use super::window::now;
use crate::core::command::Command;
use crate::core::review::Stage;

/// Logical pixels that one notch of the wheel scrolls.
const NOTCH: f32 = 100.0;

/// How much one notch zooms: seven notches for four times the size.
pub(super) const NOTCH_ZOOM: f32 = 1.22;

/// How far the wheel was turned.
pub(super) fn notches(delta: MouseScrollDelta, scale: f32) -> f32 {
    match delta {
        MouseScrollDelta::LineDelta(_, lines) => lines,
        MouseScrollDelta::PixelDelta(at) => at.y as f32 / (NOTCH * scale),
    }
}

impl Table {
    /// Takes an event that is neither drawing nor the window's size.
    pub fn take_input(&mut self, event: WindowEvent) {
        match event {
            WindowEvent::ModifiersChanged(modifiers) => self.keyboard.hold(modifiers.state()),
            WindowEvent::KeyboardInput { event, is_synthetic: false, .. } => self.take_key(&event),
            WindowEvent::CursorMoved { position, .. } => {
                self.take_motion([position.x as f32, position.y as f32]);
            }
            WindowEvent::MouseInput { state, button, .. } => self.take_button(state, button),
            WindowEvent::MouseWheel { delta, .. } => self.take_wheel(delta),
            WindowEvent::PinchGesture { delta, .. } => self.zoom((1.0 + delta as f32).max(0.1)),
            WindowEvent::Focused(false) => {
                self.desk.pointer.cancel();
                self.let_go();
            }
            _ => {}
        }
    }

    fn take_key(&mut self, event: &KeyEvent) {
        let is_travelling = self.keyboard.travelling == Some(event.physical_key);
        if event.state == ElementState::Pressed && is_travelling {
            // One repeat more of a key that is known to be held.
            return;
        }
        if is_travelling || event.state == ElementState::Pressed {
            self.let_go();
        }
        if event.state != ElementState::Pressed {
            return;
        }
        let is_taken = match &self.desk.panels.over {
            Over::TagLine(_) => self.type_tag(event),
            Over::FilterLine(_) => self.type_filter(event),
            Over::Export(_) => self.key_over_export(event),
            Over::Help(_) | Over::Menu(_) => self.key_over_panel(event),
            Over::Nothing => false,
        };
        if !is_taken && let Some(intent) = self.keyboard.intent(event) {
            let is_travel = matches!(intent, Intent::Command(command) if command.is_travel());
            if event.repeat && is_travel {
                self.keyboard.travelling = Some(event.physical_key);
            }
            self.take_intent(intent, event.repeat);
        }
        self.redraw();
    }

    /// A held key travels no more.
    fn let_go(&mut self) {
        self.keyboard.travelling = None;
        self.desk.let_go();
    }

    /// Does what an intent asks for. A held key decides once.
    fn take_intent(&mut self, intent: &Intent, is_repeat: bool) {
        match intent {
            Intent::Command(command) if is_repeat && command.is_deciding() => {}
            Intent::Command(command) if is_repeat && command.is_travel() => {
                self.desk.hold(command, now());
            }
            Intent::Command(command) => self.take_command(command),
            _ if is_repeat => {}
            Intent::Second => self.wants_second = !self.wants_second,
            Intent::FullScreen => self.toggle_full_screen(),
            Intent::Help => {
                let over = &mut self.desk.panels.over;
                *over = match over {
                    Over::Help(_) => Over::Nothing,
                    _ => Over::Help(Help::default()),
                };
            }
            Intent::Info => self.desk.toggle_info(),
            Intent::Learned => self.desk.toggle_learned(),
            Intent::Audit => self.desk.toggle_audit(now()),
            Intent::Fast => self.desk.toggle_fast(now()),
            Intent::Scopes => self.desk.panels.scopes = !self.desk.panels.scopes,
            Intent::Why => self.desk.toggle_why(),
            Intent::Bare => self.desk.toggle_bare(),
            Intent::Overlay(overlay) => self.desk.panels.overlays.toggle(*overlay),
            Intent::TagLine => {
                let line = TagLine::new(self.desk.review.tags());
                self.desk.panels.over = Over::TagLine(line);
            }
            Intent::FilterLine => self.desk.open_filter_line(),
            Intent::Filter(text) => self.desk.filter_by(text),
            Intent::FilterAgain => self.desk.filter_again(),
            Intent::Sort => self.desk.sort_next(now()),
            Intent::TurnSort => self.desk.turn_sort(now()),
            Intent::Export => self.desk.open_export(),
            Intent::OpenFolder => self.pick_folder(),
            Intent::Quit => self.leave(),
        }
    }

    fn take_command(&mut self, command: &Command) {
        // The key that opens the loupe closes it too.
        let is_open = self.desk.review.stage() == Stage::Loupe;
        let command = match command {
            Command::Open if is_open => Command::Back,
            other => other.clone(),
        };
        self.desk.command(command, now());
    }

    /// Keys while the help or the menu lies over the photos; gives whether the key was theirs.
    fn key_over_panel(&mut self, event: &KeyEvent) -> bool {
        let Some(key) = Keyboard::key(event) else { return false };
        let over = &mut self.desk.panels.over;
        match (key, over) {
            (Key::Escape, over) => *over = Over::Nothing,
            (Key::Up | Key::Down, Over::Menu(menu)) => {
                let count = MENU.len();
                menu.marked = Some(match (menu.marked, key) {
                    (None, Key::Down) => 0,
                    (Some(at), Key::Down) => (at + 1) % count,
                    (at, _) => (at.unwrap_or(0) + count - 1) % count,
                });
            }
            (Key::Enter | Key::Space, Over::Menu(menu)) => {
                let marked = menu.marked;
                self.choose(marked);
            }
            (_, over @ Over::Menu(_)) => {
                *over = Over::Nothing;
                return false;
            }
            (key, Over::Help(_)) => return self.scroll_help_by_key(key),
            _ => return false,
        }
        true
    }

    /// Keys while the help is open: those that scroll it, where it is longer than the window. All
    /// others are the photos', and it stays open: a photographer tries keys while reading.
    fn scroll_help_by_key(&mut self, key: Key) -> bool {
        let page_px = self.desk.review.viewport().size_px[1] * 0.9;
        let delta_px = match key {
            Key::Up => -NOTCH * self.scale,
            Key::Down => NOTCH * self.scale,
            Key::PageUp => -page_px,
            Key::PageDown => page_px,
            Key::Home => f32::NEG_INFINITY,
            Key::End => f32::INFINITY,
            _ => return false,
        };
        self.scroll_help(delta_px)
    }

    /// Scrolls the help, if it is open and longer than the window; gives whether it is.
    fn scroll_help(&mut self, delta_px: f32) -> bool {
        let size_px = self.desk.review.viewport().size_px;
        let most_px = help::overflow_px(size_px, self.scale);
        let Over::Help(help) = &mut self.desk.panels.over else { return false };
        help.scroll_px = (help.scroll_px + delta_px).clamp(0.0, most_px);
        most_px > 0.0
    }

    /// Keys while a tag is typed: all of them are the line's, but for Ctrl and a key.
    fn type_tag(&mut self, event: &KeyEvent) -> bool {
        let Over::TagLine(line) = &mut self.desk.panels.over else { return false };
        let in_use = self.desk.review.tags();
        match Keyboard::key(event) {
            Some(Key::Escape) => self.desk.panels.over = Over::Nothing,
            Some(Key::Enter) => {
                let tag = line.tag();
                self.desk.panels.over = Over::Nothing;
                if let Some(tag) = tag {
                    self.desk.tag(tag, now());
                }
            }
            Some(Key::Backspace) => line.backspace(in_use),
            Some(Key::Tab) => line.complete(in_use),
            Some(Key::Down) => line.step(true),
            Some(Key::Up) => line.step(false),
            _ if self.keyboard.held.ctrl => {}
            _ => {
                if let Some(text) = &event.text {
                    line.type_text(text, in_use);
                }
            }
        }
        true
    }

    /// Keys while the export panel is open: all of them are the panel's, but for leaving.
    fn key_over_export(&mut self, event: &KeyEvent) -> bool {
        let ctrl = self.keyboard.held.ctrl;
        match Keyboard::key(event) {
            Some(Key::Char('q')) if ctrl => return false,
            Some(key) if ctrl => self.desk.export_chord(key, now()),
            key => self.desk.export_key(key, event.text.as_deref().unwrap_or_default(), now()),
        }
        true
    }

    /// Keys while a filter is typed: all of them are the line's, but for Ctrl and a key.
    fn type_filter(&mut self, event: &KeyEvent) -> bool {
        let ctrl = self.keyboard.held.ctrl;
        match Keyboard::key(event) {
            Some(Key::Escape) => self.desk.cancel_filter_line(),
            Some(Key::Enter) => self.desk.confirm_filter_line(),
            Some(Key::Backspace) if ctrl => self.desk.edit_filter_line(FilterLine::backspace_word),
            Some(Key::Backspace) => self.desk.edit_filter_line(FilterLine::backspace),
            _ if ctrl => {}
            _ => {
                if let Some(text) = &event.text {
                    self.desk.edit_filter_line(|line| line.type_text(text));
                }
            }
        }
        true
    }

    fn take_motion(&mut self, to_px: [f32; 2]) {
        if let Over::Menu(menu) = &mut self.desk.panels.over {
            let size_px = self.desk.review.viewport().size_px;
            menu.marked = menu_line_at(menu, size_px, self.scale, to_px);
            self.desk.pointer.at_px = to_px;
            self.redraw();
            return;
        }
        let stage = self.desk.review.stage();
        let held = self.keyboard.held;
        let command = self.desk.pointer.moved(to_px, stage, self.scale, held);
        let is_drawing = self.desk.pointer.drawn().is_some();
        if let Some(command) = command {
            self.desk.command(command, now());
            self.redraw();
        } else if is_drawing {
            self.redraw();
        }
    }

    fn take_button(&mut self, state: ElementState, button: MouseButton) {
        let is_down = state == ElementState::Pressed;
        match (button, &self.desk.panels.over) {
            (MouseButton::Left, Over::Menu(menu)) if is_down => {
                let marked = menu.marked;
                self.desk.pointer.cancel();
                self.choose(marked);
            }
            (MouseButton::Left, Over::Nothing) if is_down && self.is_over_info() => return,
            (MouseButton::Left, Over::Nothing) if is_down && self.is_over_strip() => {
                self.go_to_in_strip();
            }
            (MouseButton::Left, Over::Nothing) if is_down => self.desk.pointer.pressed(),
            (MouseButton::Left, Over::Nothing) => {
                let stage = self.desk.review.stage();
                let command = self.desk.pointer.released(stage, self.keyboard.held, now());
                if let Some(command) = command {
                    self.desk.command(command, now());
                }
            }
            (MouseButton::Left, Over::Help(_)) if is_down => {
                self.desk.panels.over = Over::Nothing;
            }
            // The line stays: what it goes back to would be lost. A run stays in sight.
            (MouseButton::Right, Over::FilterLine(_) | Over::Export(_)) => return,
            (MouseButton::Right, _) if is_down => self.open_menu(),
            _ => return,
        }
        self.redraw();
    }

    fn is_over_info(&self) -> bool {
        let viewport = self.desk.review.viewport();
        let [left, _, width, _] = viewport.area_px();
        viewport.right_px > 0.0 && self.desk.pointer.at_px[0] >= left + width
    }

    fn is_over_strip(&self) -> bool {
        let (review, at_px) = (&self.desk.review, self.desk.pointer.at_px);
        let strip = review.viewport().strip_area_px();
        let is_in =
            strip.is_some_and(|[_, top, _, height]| (top..top + height).contains(&at_px[1]));
        review.stage() == Stage::Loupe && is_in
    }

    /// Goes to the photo of the filmstrip under the pointer, if there is one.
    fn go_to_in_strip(&mut self) {
        if let Some(photo) = strip::photo_at(&self.desk.review, self.desk.pointer.at_px) {
            self.desk.command(Command::GoTo { photo }, now());
        }
    }

    /// Opens the menu at the pointer; a photo there that is not selected becomes the current one,
    /// so that the menu acts on what it was opened on.
    fn open_menu(&mut self) {
        let at_px = self.desk.pointer.at_px;
        let review = &self.desk.review;
        let is_elsewhere = review.stage() == Stage::Grid
            && review
                .index_at(at_px)
                .and_then(|index| review.order().photo_at(index))
                .is_some_and(|photo| !review.is_selected(photo));
        if is_elsewhere {
            self.desk.command(Command::Click { at_px }, now());
        }
        self.desk.panels.over = Over::Menu(Menu { at_px, marked: None });
    }

    fn choose(&mut self, line: Option<usize>) {
        self.desk.panels.over = Over::Nothing;
        if let Some((_, intent)) = line.and_then(|line| MENU.get(line)) {
            self.take_intent(intent, false);
        }
    }

    /// In the grid the wheel scrolls and with Ctrl zooms; in the loupe it zooms.
    fn take_wheel(&mut self, delta: MouseScrollDelta) {
        let notches = notches(delta, self.scale);
        if self.scroll_help(-notches * NOTCH * self.scale) {
            self.redraw();
        }
        if notches == 0.0 || self.desk.panels.over != Over::Nothing {
            return;
        }
        if self.keyboard.held.ctrl || self.desk.review.stage() == Stage::Loupe {
            self.zoom(NOTCH_ZOOM.powf(notches));
        } else {
            let delta_px = -notches * NOTCH * self.scale;
            self.desk.command(Command::Scroll { delta_px }, now());
        }
        self.redraw();
    }

    fn zoom(&mut self, factor: f32) {
        let at_px = self.desk.pointer.at_px;
        self.desk.command(Command::ZoomAt { factor, at_px }, now());
        self.redraw();
    }
}
