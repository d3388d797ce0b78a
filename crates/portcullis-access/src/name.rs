use crate::Error;

/// A name as it is kept, of a client, a contact, a user, a role or a container: without the white
/// space around it.
///
/// # Errors
/// Invalid for one that is empty, longer than 400 bytes, or holds control characters.
pub fn checked_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.len() > 400 || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "a name is needed, of at most 400 bytes and without control characters",
        ));
    }
    Ok(name.to_owned())
}
