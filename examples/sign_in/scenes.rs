//! The scenes.

use super::entrance::expect;
use super::phone::Phone;
use super::stage::{MORNING, Result, Stage, after};
use portcullis::credentials::{
    Enclosed, EnrolStep, FactorCode, FactorStep, NewPassword, PasswordStep, SecondFactor,
    SecretString, SignIn, Step, TokenSecret,
};
use portcullis::desk::FirstLogin;

type Scene = (&'static str, fn(&Stage) -> Result);

pub(crate) const ALL: [Scene; 8] = [
    ("Grace follows her invitation", invitation),
    ("A stranger guesses", guesses),
    ("Henry has a password from staff", forced_change),
    ("Ines must have a second factor", enrolment),
    ("Jonas has forgotten his password", reset),
    ("Kira is suspended in the middle of it", suspension),
    ("Liam's password is the company's", directory),
    ("A flood from one address", flood),
];

fn invitation(stage: &Stage) -> Result {
    let user = stage.add("Grace", FirstLogin::Invited)?;
    let link = stage.staff().accounts().invite(user)?;
    let accept = |text: &str| -> Result<&str> {
        let new = SecretString::from(text);
        let portal = &stage.portal;
        Ok(
            match portal.accept_invitation(&link.secret, &new, &stage.desktop, MORNING)? {
                NewPassword::Set(_) => "it is set, and signs nobody in",
                NewPassword::Again(_) => "another one, please",
                NewPassword::Refused(_) => "the link was used",
            },
        )
    };
    expect(
        "a common password",
        accept("passwordpassword")?,
        "another one",
    )?;
    expect("her own", accept("seven red bicycles")?, "it is set")?;
    expect("the link once more", accept("eight red bicycles")?, "used")?;
    let outcome = stage.knock(" GRACE ", "seven red bicycles", MORNING)?;
    expect("she signs in", &stage.said(outcome, MORNING)?, "signed in")
}

fn guesses(stage: &Stage) -> Result {
    let nobody = stage.said(stage.knock("nobody", "a guess at it", MORNING)?, MORNING)?;
    expect("a name that nobody has", &nobody, "for staff: unknown")?;
    for _ in 0..4 {
        drop(stage.knock("grace", "a guess at it", MORNING)?);
    }
    let fifth = stage.said(stage.knock("grace", "a guess at it", MORNING)?, MORNING)?;
    expect(
        "the fifth wrong password",
        &fifth,
        "for staff: wrong password",
    )?;
    let locked = stage.knock("grace", "seven red bicycles", after(1))?;
    let locked = stage.said(locked, after(1))?;
    expect(
        "the right one, a minute later",
        &locked,
        "for staff: locked",
    )?;
    let text = |said: &str| said.split(" (for").next().map(str::to_owned);
    if text(&locked) != text(&nobody) {
        return Err("a visitor can tell a locked account from none".into());
    }
    let later = stage.knock("grace", "seven red bicycles", after(60))?;
    expect("an hour later", &stage.said(later, after(60))?, "signed in")
}

fn forced_change(stage: &Stage) -> Result {
    let given = SecretString::from("from staff to henry");
    let given = stage.portal.credentials().hash_password(&given)?;
    stage.add("Henry", FirstLogin::Password(given?))?;
    let SignIn::ChangePassword(step) = stage.knock("henry", "from staff to henry", MORNING)? else {
        return Err("a new password is due".into());
    };
    // Between two requests a page keeps the step's secret in a cookie.
    let step = Step::resume(step.into_secret());
    let portal = &stage.portal;
    let short = SecretString::from("short");
    let step = match portal.set_new_password(step, &short, &stage.desktop, MORNING)? {
        PasswordStep::Again(step, retry) => {
            expect("a short one", &retry.to_string(), "too short")?;
            step
        }
        PasswordStep::Onward(_) => return Err("it is too short".into()),
    };
    let new = SecretString::from("nine green lanterns");
    match portal.set_new_password(step, &new, &stage.desktop, MORNING)? {
        PasswordStep::Onward(outcome) => expect(
            "one of his own",
            &stage.said(outcome, MORNING)?,
            "signed in",
        ),
        PasswordStep::Again(..) => Err("it will do".into()),
    }
}

fn enrolment(stage: &Stage) -> Result {
    let (portal, from) = (&stage.portal, &stage.desktop);
    let ines = stage.colleague("Ines", "ten yellow umbrellas")?;
    stage.staff().accounts().enforce_factor(ines, true)?;
    let SignIn::EnrolFactor(step) = stage.knock("ines", "ten yellow umbrellas", MORNING)? else {
        return Err("an app is to be set up".into());
    };
    let offer = portal.offer_factor(&step, from, MORNING)?;
    let phone = Phone::scan(&offer.map_err(|refusal| refusal.shown().to_string())?)?;
    let code = phone.code(MORNING)?;
    let EnrolStep::Enrolled(recovery, outcome) = portal.enrol_factor(step, &code, from, MORNING)?
    else {
        return Err("the code is the app's".into());
    };
    let codes = recovery.codes().len().to_string();
    expect("recovery codes, shown once", &codes, "10")?;
    expect(
        "the first code",
        &stage.said(outcome, MORNING)?,
        "signed in",
    )?;

    let now = after(1);
    let due = || -> Result<Step<SecondFactor>> {
        match stage.knock("ines", "ten yellow umbrellas", now)? {
            SignIn::SecondFactor(step) => Ok(step),
            _ => Err("a code is due".into()),
        }
    };
    let answer = |step, code| -> Result<String> {
        Ok(match portal.second_factor(step, code, from, now)? {
            FactorStep::Onward(outcome) => stage.said(outcome, now)?,
            FactorStep::Again(_, refusal) => {
                format!("\"{}\" ({})", refusal.shown(), refusal.cause())
            }
        })
    };
    let (wrong, code) = (SecretString::from("12345"), phone.code(now)?);
    expect(
        "a wrong code",
        &answer(due()?, FactorCode::App(&wrong))?,
        "the code is wrong",
    )?;
    expect(
        "the app's",
        &answer(due()?, FactorCode::App(&code))?,
        "signed in",
    )?;
    expect(
        "the same again",
        &answer(due()?, FactorCode::App(&code))?,
        "was used before",
    )?;
    let paper = recovery.codes().first().ok_or("ten codes")?;
    expect(
        "one from paper",
        &answer(due()?, FactorCode::Recovery(paper))?,
        "signed in",
    )?;
    expect(
        "the same again",
        &answer(due()?, FactorCode::Recovery(paper))?,
        "the code is wrong",
    )
}

fn reset(stage: &Stage) -> Result {
    let (portal, from) = (&stage.portal, &stage.desktop);
    stage.colleague("Jonas", "eleven blue kettles")?;
    let ask = |name: &str| -> Result<String> {
        Ok(match portal.request_reset(name, from, MORNING)? {
            Ok(()) => "if there is such an account, a mail is on its way".to_owned(),
            Err(refusal) => refusal.shown().to_string(),
        })
    };
    expect("a link for jonas", &ask("jonas")?, "if there is")?;
    expect("a link for nobody", &ask("nobody")?, "if there is")?;
    let mut sent = Vec::new();
    for mail in stage.staff().mails().waiting(100)? {
        if let Some(letter) = stage.staff().mails().take(mail.id)?
            && let Enclosed::Reset(link) = letter.enclosed
        {
            sent.push((letter.address, link));
        }
    }
    let [(address, link)] = &sent[..] else {
        return Err("one mail was asked for".into());
    };
    expect("a mail goes to", address, "jonas@provider.example")?;
    let secret = link
        .expose()
        .rsplit(['/', '=', '#'])
        .next()
        .map(TokenSecret::from);
    let secret = secret.ok_or("a link has a tail")?;
    let new = SecretString::from("twelve white teapots");
    let outcome = match portal.finish_reset(&secret, &new, from, MORNING)? {
        NewPassword::Set(_) => "set, and signs nobody in",
        _ => "not set",
    };
    expect("his new password", outcome, "set, and")?;
    let old = stage.knock("jonas", "eleven blue kettles", MORNING)?;
    expect(
        "the old one",
        &stage.said(old, MORNING)?,
        "for staff: wrong password",
    )?;
    let new = stage.knock("jonas", "twelve white teapots", MORNING)?;
    expect("the new one", &stage.said(new, MORNING)?, "signed in")
}

fn suspension(stage: &Stage) -> Result {
    let kira = stage.colleague("Kira", "thirteen grey pebbles")?;
    let SignIn::Done(proof) = stage.knock("kira", "thirteen grey pebbles", MORNING)? else {
        return Err("nothing else is due".into());
    };
    let session = stage.portal.start_session(proof, MORNING)?;
    stage.staff().accounts().suspend(kira)?;
    let kept = match stage.portal.session(&session, MORNING) {
        Ok(_) => "live".to_owned(),
        Err(error) => error.to_string(),
    };
    expect("her session", &kept, "sign in")?;
    let again = stage.knock("kira", "thirteen grey pebbles", MORNING)?;
    expect(
        "her password",
        &stage.said(again, MORNING)?,
        "for staff: account suspended",
    )
}

fn directory(stage: &Stage) -> Result {
    stage.add("Liam", FirstLogin::Directory)?;
    let outcome = stage.knock("liam", "whatever it was", MORNING)?;
    expect(
        "it has run out there",
        &stage.said(outcome, MORNING)?,
        "kept elsewhere",
    )
}

fn flood(stage: &Stage) -> Result {
    for _ in 0..200 {
        let outcome = stage.knock("nobody", "a guess at it", after(120))?;
        let said = stage.said(outcome, after(120))?;
        if !said.contains("unknown") {
            return expect("after a while", &said, "try again");
        }
    }
    Err("a source has no end of attempts".into())
}
