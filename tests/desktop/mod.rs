//! The real window. These tests need a display and the built program, so they are ignored by default:
//! `make test` runs them under a virtual screen.

mod aloud;
mod campaign;
mod deadlines;
mod doors;
mod papers;
mod print_room;
mod refunds;
mod window;
mod work;
