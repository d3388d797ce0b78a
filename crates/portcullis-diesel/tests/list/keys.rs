//! Keys of every native type, in columns of every type that can hold them.
