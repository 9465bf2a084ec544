//! The program as people call it, on forged leaks and hostile files.

mod bench;
mod desk;
mod hostile;
mod job;
mod killed;
mod words;
