//! Programs to read and run; each lies beside this folder as one file. What one of them needs more
//! of than fits a file, and what a test should reach, is here.

pub mod quickstart;
