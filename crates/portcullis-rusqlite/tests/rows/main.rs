//! Every row is read back as it was written, and what makes no sense is corrupt.

mod corrupt;
mod people;
mod samples;
mod things;
