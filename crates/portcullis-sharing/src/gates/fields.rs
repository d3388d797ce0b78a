//! Gate 11, the mask: only certain fields are shown, and only those may be searched, sorted or
//! grouped by (P23, P24, P27). It masks an Allow and refuses nothing by itself.

use super::Ask;
use portcullis_access::Fields;

/// The fields of the item's kind that the asker may see and ask about.
#[inline]
pub fn mask(ask: &Ask<'_>) -> Fields {
    ask.viewer.fields(ask.facts.kind)
}
