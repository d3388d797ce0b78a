/// A setting that cannot work, by its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{knob}` cannot be {value}: {advice}")]
pub struct PolicyError {
    knob: &'static str,
    value: String,
    advice: &'static str,
}

impl PolicyError {
    pub(crate) fn new(knob: &'static str, value: u32, advice: &'static str) -> Self {
        Self::word(knob, &value.to_string(), advice)
    }

    pub(crate) fn word(knob: &'static str, value: &str, advice: &'static str) -> Self {
        let value = value.to_owned();
        Self {
            knob,
            value,
            advice,
        }
    }

    /// The setting at fault.
    pub const fn knob(&self) -> &'static str {
        self.knob
    }
}
