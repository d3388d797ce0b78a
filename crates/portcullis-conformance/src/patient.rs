use portcullis::ledger::{Mode, Store, StoreError, StoreErrorKind};

/// How often a unit of work asks for its turn, each time with all the patience that its store has.
const TURNS: usize = 24;

/// A store under more callers at once than a portal has: on a slow machine the last of forty waits
/// longer for its turn than a store is patient. Which is told as [`Busy`](StoreErrorKind::Busy)
/// before anything is done, so that it may be asked again.
#[derive(Debug)]
pub(crate) struct Patient<S>(pub(crate) S);

impl<S: Store> Store for Patient<S> {
    type Tx = S::Tx;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (mut begun, mut left) = (false, TURNS);
        loop {
            let outcome = self.0.with_tx(mode, &mut |tx| {
                begun = true;
                work(tx)
            });
            left -= 1;
            match outcome {
                Err(busy) if busy.kind() == StoreErrorKind::Busy && !begun && left > 0 => {}
                ended => return ended,
            }
        }
    }
}
