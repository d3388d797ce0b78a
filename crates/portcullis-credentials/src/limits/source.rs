use portcullis_id::Timestamp;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Where an attempt came from, as the host knows it: for the audit, and for the limit per source.
///
/// Take it from the connection or from a proxy you run, never from a header a visitor can write
/// (bug 9). An address is read as one, with or without its port, so that it counts as the same
/// source however it is written. Of an IPv6 address the network counts, its first 64 bits: the rest
/// is the visitor's to choose. Of any other text the first 64 bytes are kept, trimmed and without
/// control characters.
///
/// ```
/// use portcullis_credentials::Source;
/// assert_eq!(Source::new("::ffff:10.0.0.1").key(), Source::new("10.0.0.1:50123").key());
/// assert_eq!(Source::new("[2001:db8::7]:443").key(), "2001:db8::/64");
/// assert_eq!(Source::new("[2001:db8::7]:443").to_string(), "2001:db8::7");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    text: String,
    key: String,
}

/// One call of a visitor: from where, and when.
#[derive(Clone, Copy)]
pub(crate) struct Visit<'a> {
    pub(crate) source: &'a Source,
    pub(crate) now: Timestamp,
}

impl Source {
    /// The most bytes that are kept of a text that is no address.
    pub const MAX_BYTES: usize = 64;

    /// The source named `text`: an address, a device, `"console"`.
    pub fn new(text: &str) -> Self {
        match address(text) {
            Some(IpAddr::V6(address)) => Self {
                text: address.to_string(),
                key: network(address),
            },
            Some(address) => Self::named(address.to_string()),
            None => Self::named(kept(text)),
        }
    }

    /// What the source is counted under: canonical, and the visitor's choice in nothing.
    pub fn key(&self) -> &str {
        &self.key
    }

    fn named(text: String) -> Self {
        Self {
            key: text.clone(),
            text,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The address that `text` is, without port, zone and brackets; IPv4 however it came.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    // The longest there is, with brackets, zone and port, is shorter.
    if text.len() > 96 {
        return None;
    }
    if let Ok(with_port) = text.parse::<SocketAddr>() {
        return Some(with_port.ip().to_canonical());
    }
    let inner = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let bare = inner.map_or(text, |(inside, _)| inside);
    let bare = bare.split_once('%').map_or(bare, |(address, _)| address);
    bare.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

fn network(address: Ipv6Addr) -> String {
    let network = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64));
    format!("{network}/64")
}

/// No more of the text is looked at than may be kept, but for blanks and controls before it.
fn kept(text: &str) -> String {
    let mut kept = String::new();
    for c in text.trim().chars().filter(|c| !c.is_control()) {
        if kept.len() + c.len_utf8() > Source::MAX_BYTES {
            break;
        }
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    #[test]
    fn a_source_cannot_forge_a_line_of_the_audit() {
        assert_eq!(
            Source::new("10.0.0.1\nroot signed in").to_string(),
            "10.0.0.1root signed in"
        );
        assert_eq!(Source::new(&"x".repeat(1000)).to_string().len(), 64);
        let wide = Source::new(&"é".repeat(10_000_000));
        assert_eq!(wide.to_string(), "é".repeat(32));
        assert_eq!(wide.key(), "é".repeat(32));
    }

    #[test]
    fn what_is_no_address_is_a_text() {
        for (text, key) in [
            ("", ""),
            (" console\t", "console"),
            ("10.0.0.256", "10.0.0.256"),
            ("[half", "[half"),
            ("a%b", "a%b"),
            ("10.0.0.1, 10.0.0.2", "10.0.0.1, 10.0.0.2"),
        ] {
            assert_eq!(Source::new(text).key(), key, "{text}");
        }
    }

    proptest! {
        /// Whatever stands around an address, and whatever a visitor may choose in it, its key
        /// stays, and no other address has it.
        #[test]
        fn bug09_nothing_but_the_address_is_in_the_key(
            bits: u32, other: u32, port: u16, blanks in "[ \t]{0,3}",
        ) {
            let (ip, other) = (Ipv4Addr::from(bits), Ipv4Addr::from(other));
            let key = Source::new(&ip.to_string()).key;
            let mapped = ip.to_ipv6_mapped();
            for written in [
                format!("{ip}:{port}"),
                format!("{blanks}{ip}{blanks}"),
                format!("{mapped}"),
                format!("[{mapped}]:{port}"),
                format!("::FFFF:{:x}:{:x}", bits >> 16, bits & 0xffff),
            ] {
                prop_assert_eq!(Source::new(&written).key, key.clone(), "{}", written);
            }
            let same = Source::new(&other.to_string()).key == key;
            prop_assert_eq!(same, ip == other);
        }

        #[test]
        fn bug09_of_ipv6_the_network_is_the_key(
            net in 0x2000_0000_0000_0000_u64..0x4000_0000_0000_0000,
            host: u64, mine: u64, port: u16, zone in "[a-z0-9]{1,8}",
        ) {
            let ip = |net: u64, host: u64| {
                Ipv6Addr::from_bits(u128::from(net) << 64 | u128::from(host))
            };
            let (one, two) = (ip(net, host), ip(net, mine));
            let key = Source::new(&one.to_string()).key;
            let long: Vec<String> = two.segments().iter().map(|s| format!("{s:04X}")).collect();
            for written in [
                two.to_string(),
                long.join(":"),
                format!("[{two}]"),
                format!("[{two}]:{port}"),
                format!("{two}%{zone}"),
            ] {
                prop_assert_eq!(Source::new(&written).key, key.clone(), "{}", written);
            }
            let next = ip(net ^ 1, host).to_string();
            prop_assert_ne!(Source::new(&next).key, key);
        }

        /// Two keys are told apart by what is kept; nothing panics.
        #[test]
        fn bug11_any_text_is_some_source(text in "\\PC{0,200}") {
            let source = Source::new(&text);
            prop_assert!(source.key().len() <= 64);
            prop_assert!(!source.to_string().contains(char::is_control));
            let key = source.key();
            prop_assert!(key.ends_with("/64") || Source::new(key).key == key);
        }
    }
}
