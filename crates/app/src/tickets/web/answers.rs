//! The answers of a hand-off as they are typed: each beside its question, also where another is asked by now.

use remit_web::Form;

use super::super::hand_off::ANSWERS;
use super::super::{MOST_QUESTIONS, Question, Said, Warm};

/// The fields of a form for whoever comes next. Where there is nothing to choose, the first is left out.
pub(super) const FIELDS: [&str; 5 + 2 * MOST_QUESTIONS] = {
    let mut all = [""; 5 + 2 * MOST_QUESTIONS];
    let usual = ["to", "tried", "access", "impact", "next"];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < 5 {
            usual[at]
        } else if at < 5 + MOST_QUESTIONS {
            ANSWERS[at - 5]
        } else {
            QUESTIONS[at - 5 - MOST_QUESTIONS]
        };
        at += 1;
    }
    all
};

/// Which question an answer was typed to, in the order of [`ANSWERS`].
pub(super) const QUESTIONS: [&str; MOST_QUESTIONS] = [
    "question-1",
    "question-2",
    "question-3",
    "question-4",
    "question-5",
    "question-6",
    "question-7",
    "question-8",
    "question-9",
    "question-10",
];

/// What was typed: each question with its answer, where there is either.
fn typed(form: &Form) -> impl Iterator<Item = Said> {
    let said = |(question, answer)| Said {
        question: form.value(question).to_owned(),
        answer: form.value(answer).to_owned(),
    };
    QUESTIONS.into_iter().zip(ANSWERS).map(said)
}

/// What the next holder needs to know, as it was typed.
pub(super) fn warm(form: &Form) -> Warm {
    let text = |name: &str| form.value(name).to_owned();
    let answers =
        typed(form).filter(|said| !said.question.is_empty() && !said.answer.trim().is_empty()).collect();
    Warm { tried: text("tried"), access: text("access"), impact: text("impact"), next: text("next"), answers }
}

/// The same form for what is asked now. What was typed to a question that is asked no more goes to what was tried: nothing is lost.
pub(super) fn beside(form: &Form, questions: &[Question]) -> Form {
    let place = |said: &Said| questions.iter().position(|one| one.text == said.question);
    let moved = |(at, said): (usize, Said)| !said.question.is_empty() && place(&said) != Some(at);
    if !typed(form).enumerate().any(moved) {
        return form.clone();
    }
    let text = |name: &'static str| (name, form.value(name).to_owned());
    let mut fields = vec![text("to"), text("access"), text("impact"), text("next")];
    let mut tried = form.value("tried").to_owned();
    for said in typed(form).filter(|said| !said.answer.trim().is_empty()) {
        match place(&said) {
            Some(at) => fields.push((ANSWERS[at], said.answer)),
            None => tried.extend(["\n\n", &said.question, ": ", &said.answer]),
        }
    }
    fields.push(("tried", tried));
    let mut new = Form::filled(fields);
    for (name, message) in form.errors().iter().filter(|(name, _)| !name.starts_with("answer-")) {
        new.wrong(name, message);
    }
    new.wrong(
        "tried",
        "Something else is asked by now. What you wrote to what is asked no more stands here.",
    );
    new
}
