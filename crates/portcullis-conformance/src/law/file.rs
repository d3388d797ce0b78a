//! The portal file: what goes in comes out, all of it or nothing.

use super::over;
use crate::{Harness, Stage, World};
use portcullis::ErrorKind;
use portcullis::file::PortalFile;

/// The export of an import equals it, through JSON too, and another portal made of it is the same.
pub fn an_export_of_an_import_equals_it<H: Harness>() {
    over::<H>(0..8, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let mut expected = stage.world.file.clone();
        expected.sort();
        let exported = stage.export();
        assert_eq!(exported, expected);
        let read = PortalFile::from_json(&exported.to_json().unwrap()).unwrap();
        assert_eq!(read, expected);
        let again = Stage::with(
            H::fresh(),
            World {
                file: read,
                ..stage.world.clone()
            },
        );
        assert_eq!(again.export(), expected);
        assert_eq!(again.operator().verify().unwrap(), []);
        let twice = stage.operator().import(&expected).unwrap_err();
        assert_eq!(
            twice.kind(),
            ErrorKind::Invalid,
            "a portal in use was imported into"
        );
    });
}

/// A file whose last line is wrong leaves the portal empty, and the mended file then fits.
pub fn a_file_that_fails_leaves_nothing<H: Harness>() {
    over::<H>(0..3, |seed| {
        let world = World::of(seed);
        let mut broken = world.file.clone();
        let last = broken.unowned.last_mut().unwrap().items.last_mut().unwrap();
        "no-such-kind".clone_into(&mut last.kind);
        let stage = Stage::empty(H::fresh(), world);
        let error = stage.operator().import(&broken).unwrap_err();
        assert!(error.to_string().contains("unowned["), "{error}");
        assert!(stage.users().is_empty());
        assert!(stage.items().is_empty());
        stage.operator().import(&stage.world.file).unwrap();
        assert_eq!(stage.operator().verify().unwrap(), []);
    });
}
