//! Folders dragged from a file manager onto the window: XDND version 5, as the other side speaks it.

use std::path::Path;
use std::path::PathBuf;

use rushlight::disk::places::Places;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::AtomEnum;
use x11rb::protocol::xproto::ClientMessageEvent;
use x11rb::protocol::xproto::ConnectionExt;
use x11rb::protocol::xproto::CreateWindowAux;
use x11rb::protocol::xproto::EventMask;
use x11rb::protocol::xproto::PropMode;
use x11rb::protocol::xproto::SELECTION_NOTIFY_EVENT;
use x11rb::protocol::xproto::SelectionNotifyEvent;
use x11rb::protocol::xproto::SelectionRequestEvent;
use x11rb::protocol::xproto::Window;
use x11rb::protocol::xproto::WindowClass;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::desktop::Desktop;
use super::desktop::wait_for;
use super::photos;

/// The version of the protocol, in the byte where `XdndEnter` has it.
const VERSION: u32 = 5 << 24;

/// A file manager with something dragged over a window.
struct Hand {
    x11: RustConnection,
    window: Window,
    target: Window,
    uris: String,
}

impl Hand {
    /// Takes files and folders into the hand, over the middle of Rushlight's window.
    fn grab(desktop: &Desktop, paths: &[&Path]) -> Self {
        let (x11, screen) = RustConnection::connect(Some(desktop.display())).expect("a display");
        let window = x11.generate_id().expect("a number for a window");
        let root = x11.setup().roots[screen].root;
        let (class, none) = (WindowClass::INPUT_ONLY, CreateWindowAux::new());
        x11.create_window(0, window, root, 0, 0, 1, 1, 0, class, 0, &none).expect("a window");
        let target = desktop.window();
        let uris = paths.iter().map(|path| uri(path)).collect();
        let hand = Self { x11, window, target, uris };
        let selection = hand.atom("XdndSelection");
        hand.x11.set_selection_owner(window, selection, 0_u32).expect("the selection is ours");
        hand
    }

    /// Drags into the window, waits until it has asked for what is dragged, and lets go.
    fn drop_it(&self) {
        let uri_list = self.atom("text/uri-list");
        self.tell("XdndEnter", [VERSION, uri_list, 0, 0]);
        let copy = self.atom("XdndActionCopy");
        self.tell("XdndPosition", [0, 300 << 16 | 300, 0, copy]);
        let request = self.wait(|event| match event {
            Event::SelectionRequest(request) => Some(request),
            _ => None,
        });
        self.answer(&request);
        self.tell("XdndDrop", [0, 0, 0, 0]);
        let finished = self.atom("XdndFinished");
        self.wait(|event| match event {
            Event::ClientMessage(message) if message.type_ == finished => Some(()),
            _ => None,
        });
    }

    fn answer(&self, request: &SelectionRequestEvent) {
        let SelectionRequestEvent { requestor, property, target, selection, time, .. } = *request;
        assert_eq!(target, self.atom("text/uri-list"), "files are asked for as files");
        let bytes = self.uris.as_bytes();
        self.x11
            .change_property8(PropMode::REPLACE, requestor, property, target, bytes)
            .expect("it is sent");
        let (response_type, sequence) = (SELECTION_NOTIFY_EVENT, 0);
        let notify = SelectionNotifyEvent {
            response_type,
            sequence,
            time,
            requestor,
            selection,
            target,
            property,
        };
        self.x11.send_event(false, requestor, EventMask::NO_EVENT, notify).expect("it is sent");
        self.x11.flush().expect("the display listens");
    }

    fn tell(&self, name: &str, [a, b, c, d]: [u32; 4]) {
        let data = [self.window, a, b, c, d];
        let message = ClientMessageEvent::new(32, self.target, self.atom(name), data);
        self.x11.send_event(false, self.target, EventMask::NO_EVENT, message).expect("it is sent");
        self.x11.flush().expect("the display listens");
    }

    fn wait<T>(&self, look: impl Fn(Event) -> Option<T>) -> T {
        wait_for("an answer to the drag", || {
            self.x11.poll_for_event().expect("the display answers").and_then(&look)
        })
    }

    fn atom(&self, name: &str) -> u32 {
        let cookie = self.x11.intern_atom(false, name.as_bytes()).expect("it is sent");
        let atom = cookie.reply().expect("every name has an atom").atom;
        assert_ne!(atom, u32::from(AtomEnum::NONE));
        atom
    }
}

/// A path as file managers write it: every byte that is not plain in hexadecimal (RFC 3986, 2.1).
fn uri(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    let coded = bytes.map(|&byte| match byte {
        b'/' | b'.' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).into(),
        other => format!("%{other:02X}"),
    });
    format!("file://{}\r\n", coded.collect::<String>())
}

#[test]
fn dropped_folders_are_opened_together_in_the_place_of_the_shoot() {
    let Some(desktop) = Desktop::start() else { return };
    let first = photos::write(&desktop.path("first"), 3);
    let program = desktop.open(&first);
    let is_there =
        |shot: &super::desktop::Shot, number| shot.find(photos::colour(number)).is_some();
    desktop.see("the first shoot", |shot| (1..=3).all(|n| is_there(shot, n)).then_some(()));
    desktop.keys(&["Right"]);

    let (second, third) = (desktop.path("Körper 50%"), desktop.path("third"));
    photos::write(&second, 6);
    photos::write(&third, 9);
    for number in 1..=9 {
        // The second has 4 to 6, the third 7 to 9.
        let folder = if number <= 6 { &second } else { &third };
        let others = [&second, &third].into_iter().filter(|f| *f != folder || number <= 3);
        for other in others {
            // Photos above 6 were never in the second.
            _ = std::fs::remove_file(other.join(photos::name(number)));
        }
    }
    Hand::grab(&desktop, &[&second, &third]).drop_it();
    desktop.see("the dropped shoot", |shot| {
        ((4..=9).all(|n| is_there(shot, n)) && (1..=3).all(|n| !is_there(shot, n))).then_some(())
    });
    desktop.keys(&["k"]);
    wait_for("the decision in the store", || {
        let log = photos::log(&desktop.store());
        (log == [photos::Logged::of_one(4, r#"{"verdict":"keep"}"#)]).then_some(())
    });
    // Where the first shoot was left is remembered while the program goes on.
    let photo = |folder: &[PathBuf]| {
        let places = Places::load(&desktop.store());
        places.of(folder).and_then(|place| place.photo.clone())
    };
    wait_for("the place in the first shoot", || {
        (photo(std::slice::from_ref(&first)) == Some(first.join(photos::name(2)))).then_some(())
    });
    desktop.keys(&["ctrl+q"]);
    assert_eq!(program.wait(), (Some(0), String::new()));
    assert_eq!(photo(&[second.clone(), third]), Some(second.join(photos::name(5))));
    assert!(photo(&[first]).is_some());
}
