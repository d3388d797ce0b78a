//! The password of the account that searches a directory prints nowhere.

use portcullis_ldap3::{Ldap, Lookup};

const PLANTED: &str = "planted bind lantern";

#[test]
fn s61_the_password_of_the_account_that_searches_does_not_print() {
    let search = |filter: &str| {
        let base = "dc=example,dc=org";
        Lookup::search(base, filter).searching_as("cn=portal,dc=example,dc=org", PLANTED)
    };
    let lookup = format!("{:?}{:#?}", search("(uid={})"), search("(uid={})"));
    let builder = Ldap::at("ldap.example.org");
    let wrong = builder.clone().finding(search("uid")).unwrap_err();
    let ldap = builder.clone().finding(search("(uid={})")).unwrap();
    let printed = format!("{lookup}{builder:?}{ldap:?}{ldap:#?}{wrong:?}{wrong}");
    assert!(printed.contains("ldap.example.org") && printed.contains("dc=example"));
    assert!(!printed.contains("planted"), "{printed}");
}
