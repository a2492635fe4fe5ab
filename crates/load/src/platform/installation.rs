//! An installation to measure: the demo, and thousands of clients beside it.

use std::sync::Arc;

use remit_app::audit::Key;
use remit_app::clients;
use remit_app::people::{Provider, Role};
use remit_app::{App, Caller, MIGRATIONS, Refused, demo, sign_in};
use remit_core::Id;
use remit_db::testing::TestDb;
use remit_db::{Engine, Place};
use remit_web::SystemRandom;
use tempfile::TempDir;

use crate::clock::SystemClock;

/// Clients that are made in one unit of work.
const GROUP: usize = 500;
/// The key of its audit log.
const KEY: [u8; 32] = [5; 32];

/// An installation, open or closed.
pub struct Installation {
    app: Option<App>,
    home: TestDb,
    folder: TempDir,
    /// The provider.
    pub provider: Id<Provider>,
    /// A client with a signed matrix.
    pub client: String,
    /// Signs an owner in, once.
    pub link: String,
}

impl Installation {
    /// Makes one.
    pub async fn fill(engine: Engine, many: usize) -> Result<Self, String> {
        let failed = |e: Refused| e.to_string();
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        std::fs::write(folder.path().join("audit.key"), KEY).map_err(|e| e.to_string())?;
        let home = TestDb::new(engine);
        let app =
            App::new(home.open(MIGRATIONS), Arc::new(SystemClock), Arc::new(SystemRandom), Key::new(KEY));
        let made = demo::make(&app).await.map_err(failed)?;
        let by = Caller::operator(made.provider);
        for group in 0..many / GROUP {
            let add = move |tx: &mut remit_db::Tx<'_, '_>, act: &remit_app::Act| {
                for n in 0..GROUP {
                    clients::create(
                        tx,
                        act,
                        &format!("Client {:05}", group * GROUP + n),
                        "America/New_York",
                    )?;
                }
                Ok(())
            };
            app.write(&by, add).await.map_err(failed)?;
        }
        // What PostgreSQL does by itself within minutes.
        if engine == Engine::Postgres {
            let analyzed = app.write(&by, |tx, _| Ok::<_, Refused>(tx.raw("ANALYZE")?));
            analyzed.await.map_err(failed)?;
        }
        let shown = made.roles.iter().find(|member| member.role == Role::ClientIt);
        let client = shown.and_then(|member| member.client).ok_or("the demo shows no client")?;
        let owner =
            made.roles.iter().find(|member| member.role == Role::Owner).ok_or("the demo has no owner")?.id;
        let link = app.write(&by, move |tx, act| sign_in::make_link(tx, act, owner)).await.map_err(failed)?;
        Ok(Self {
            app: Some(app),
            home,
            folder,
            provider: made.provider,
            client: client.to_string(),
            link: link.reveal(),
        })
    }

    /// The application, while it is open.
    pub fn app(&self) -> Result<App, String> {
        self.app.clone().ok_or_else(|| "it is closed".to_owned())
    }

    /// Closes it, so that another process can have it to itself.
    pub fn close(self) -> Self {
        Self { app: None, ..self }
    }

    /// Its folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Where its database is, as the configuration says it.
    pub fn place(&self) -> String {
        match self.home.place() {
            Place::Sqlite(path) => path.display().to_string(),
            Place::Postgres(url) => url.clone(),
        }
    }
}
