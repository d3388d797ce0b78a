use crate::{Item, ItemFacts};
use data_encoding::BASE64URL_NOPAD;
use portcullis_id::{HostKey, ItemId};
use std::fmt;
use std::str::FromStr;

/// An item's facts together with the host's key of the same item. Made from stored rows, so that
/// an answer about one item can never be used on another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    key: HostKey,
    sort: i64,
    facts: ItemFacts,
}

impl Located {
    /// The facts of a stored row, looked up for one user: [`ItemRow::located`](crate::ItemRow::located).
    pub(crate) fn new(item: &Item, facts: ItemFacts) -> Self {
        Self {
            key: item.key.clone(),
            sort: item.sort,
            facts,
        }
    }

    /// The host's key.
    pub const fn key(&self) -> &HostKey {
        &self.key
    }

    /// Where the item stands in lists: [`Item::sort`].
    pub const fn sort(&self) -> i64 {
        self.sort
    }

    /// The object half of a decision about it.
    pub const fn facts(&self) -> &ItemFacts {
        &self.facts
    }

    /// Where a page that ends with this row goes on.
    pub const fn token(&self) -> PageToken {
        PageToken {
            sort: self.sort,
            item: self.facts.item,
        }
    }
}

/// Where the next page starts: right behind the last row of this one. Opaque, made only from a row
/// the viewer was shown, and so the same in two worlds that differ in what is hidden (L5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageToken {
    /// Where the last row stands: its [`Item::sort`].
    pub sort: i64,
    /// Its id.
    pub item: ItemId,
}

/// A page token that this library did not print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no page token; start again from the first page")]
pub struct PageTokenError;

impl fmt::Display for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; 24];
        let (sort, item) = bytes.split_at_mut(8);
        sort.copy_from_slice(&self.sort.to_be_bytes());
        item.copy_from_slice(self.item.uuid().as_bytes());
        f.write_str(&BASE64URL_NOPAD.encode(&bytes))
    }
}

impl FromStr for PageToken {
    type Err = PageTokenError;
    fn from_str(text: &str) -> Result<Self, PageTokenError> {
        let bytes = BASE64URL_NOPAD
            .decode(text.as_bytes())
            .map_err(|_| PageTokenError)?;
        let (sort, item) = bytes.split_first_chunk::<8>().ok_or(PageTokenError)?;
        let item: [u8; 16] = item.try_into().map_err(|_| PageTokenError)?;
        Ok(Self {
            sort: i64::from_be_bytes(*sort),
            item: ItemId::from_uuid(uuid::Uuid::from_bytes(item)),
        })
    }
}
