//! Programs to read and run; each lies beside this folder as one file.
