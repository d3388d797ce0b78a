//! Every outcome of a sign-in, once, in a terminal: what the visitor is shown, what staff may know,
//! and the only way on from each.
//!
//! The scenes check themselves: a step that ends in another way than it should stops the program.
//! The codes are real ones, made from the secret that the app is set up with.
#![expect(clippy::print_stdout, reason = "a program that shows something")]

mod sign_in {
    pub(crate) mod entrance;
    pub(crate) mod phone;
    pub(crate) mod scenes;
    pub(crate) mod stage;
}

use sign_in::stage::Stage;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let stage = Stage::set()?;
    for (title, scene) in sign_in::scenes::ALL {
        println!("{title}");
        scene(&stage)?;
    }
    println!("every outcome came as it should");
    Ok(())
}
