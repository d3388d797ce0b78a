use portcullis_access::Standings;
use portcullis_credentials::CredentialTx;
use portcullis_sharing::SharingTx;

/// Everything a portal needs of one unit of work: the ports of all three domains, and who answers
/// what an account amounts to.
pub trait PortalTx: SharingTx + CredentialTx + Standings {}

impl<T: SharingTx + CredentialTx + Standings + ?Sized> PortalTx for T {}
