//! What is measured; each bench lies beside this folder as one file.
