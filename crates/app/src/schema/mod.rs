//! The schema, step by step. A released step is never changed.

#[cfg(test)]
mod tests;

use remit_db::Migration;

/// All steps.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "ground", text: include_str!("../../migrations/0001_ground.sql") },
    Migration { number: 2, name: "matrix", text: include_str!("../../migrations/0002_matrix.sql") },
    Migration { number: 3, name: "sign-in", text: include_str!("../../migrations/0003_sign_in.sql") },
    Migration {
        number: 4,
        name: "second factor",
        text: include_str!("../../migrations/0004_second_factor.sql"),
    },
    Migration { number: 5, name: "API keys", text: include_str!("../../migrations/0005_api_key.sql") },
    Migration {
        number: 6,
        name: "session turns",
        text: include_str!("../../migrations/0006_session_turns.sql"),
    },
    Migration { number: 7, name: "matrix undo", text: include_str!("../../migrations/0007_matrix_undo.sql") },
    Migration { number: 8, name: "jobs", text: remit_jobs::TABLES },
    Migration { number: 9, name: "contacts", text: include_str!("../../migrations/0009_contact.sql") },
    Migration { number: 10, name: "API", text: include_str!("../../migrations/0010_api.sql") },
    Migration { number: 11, name: "issuers", text: include_str!("../../migrations/0011_issuer.sql") },
    Migration { number: 12, name: "passkeys", text: include_str!("../../migrations/0012_passkey.sql") },
    Migration { number: 13, name: "new rows", text: include_str!("../../migrations/0013_new_rows.sql") },
    Migration { number: 14, name: "tickets", text: include_str!("../../migrations/0014_ticket.sql") },
    Migration { number: 15, name: "promises", text: include_str!("../../migrations/0015_promise.sql") },
    Migration { number: 16, name: "notices", text: include_str!("../../migrations/0016_notice.sql") },
    Migration { number: 17, name: "relations", text: include_str!("../../migrations/0017_relation.sql") },
    Migration { number: 18, name: "index", text: remit_db::search::TABLES },
    Migration { number: 19, name: "search", text: include_str!("../../migrations/0019_search.sql") },
    Migration { number: 20, name: "priorities", text: include_str!("../../migrations/0020_priority.sql") },
    Migration { number: 21, name: "desk", text: include_str!("../../migrations/0021_desk.sql") },
    Migration { number: 22, name: "attachments", text: include_str!("../../migrations/0022_attachment.sql") },
    Migration { number: 23, name: "tags", text: include_str!("../../migrations/0023_tag.sql") },
    Migration { number: 24, name: "fields", text: include_str!("../../migrations/0024_field.sql") },
    Migration { number: 25, name: "saved views", text: include_str!("../../migrations/0025_view.sql") },
    Migration { number: 26, name: "checklists", text: include_str!("../../migrations/0026_checklist.sql") },
    Migration {
        number: 27,
        name: "hand-off forms",
        text: include_str!("../../migrations/0027_hand_off.sql"),
    },
    Migration { number: 28, name: "recurring", text: include_str!("../../migrations/0028_recurring.sql") },
    Migration { number: 29, name: "approvals", text: include_str!("../../migrations/0029_approval.sql") },
    Migration { number: 30, name: "outcomes", text: include_str!("../../migrations/0030_outcome.sql") },
    Migration {
        number: 31,
        name: "teams of people",
        text: include_str!("../../migrations/0031_team_member.sql"),
    },
    Migration { number: 32, name: "preferences", text: include_str!("../../migrations/0032_preference.sql") },
    Migration { number: 33, name: "what is sent", text: include_str!("../../migrations/0033_sending.sql") },
    Migration { number: 34, name: "macros", text: include_str!("../../migrations/0034_macro.sql") },
    Migration { number: 35, name: "helpers", text: include_str!("../../migrations/0035_helper.sql") },
    Migration { number: 36, name: "ratings", text: include_str!("../../migrations/0036_rating.sql") },
    Migration { number: 37, name: "portal", text: include_str!("../../migrations/0037_portal.sql") },
    Migration { number: 38, name: "board", text: include_str!("../../migrations/0038_board.sql") },
    Migration { number: 39, name: "sharing", text: include_str!("../../migrations/0039_sharing.sql") },
];
