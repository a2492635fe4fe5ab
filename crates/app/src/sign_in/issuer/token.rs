//! What an issuer says, and whether it may be believed: discovery, the address to go to, and the token that comes back.

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdTokenClaims,
    CoreJwsSigningAlgorithm as Alg, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    Scope, TokenResponse,
};
use remit_core::{At, Millis};
use reqwest::Url;

use super::outward::Outward;

/// What tokens may be signed with. Nothing that is made with the secret that both sides have.
const ALGORITHMS: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];
/// How far the clock of an issuer may be from ours.
const DRIFT: Millis = Millis::from_minutes(2);
/// How old a token may be: longer than the way to the issuer and back can take, it is of another one.
const OLDEST: Millis = Millis::from_minutes(15);
/// The longest name of an account; the standard allows no longer one.
const SUBJECT: usize = 255;

/// What it takes to ask an issuer.
#[derive(Clone)]
pub(super) struct Asking {
    pub url: String,
    /// As what Remit is known there.
    pub audience: String,
    /// The secret that proves it.
    pub secret: String,
    /// Where people come back to.
    pub back: String,
}

/// The secrets of one way to an issuer and back.
#[derive(Clone)]
pub(super) struct Secrets {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// What an issuer says of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vouched {
    /// The account.
    pub subject: String,
    /// Its address, folded, if the issuer has verified it.
    pub email: Option<String>,
    /// How they proved who they are: what the token says of methods and classes.
    pub proofs: Vec<String>,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// An issuer that has answered.
pub(super) struct Known {
    client: Client,
}

impl Known {
    /// Reads what the issuer says about itself. Fails with the reason in words.
    pub async fn discover(outward: &Outward, asking: &Asking) -> Result<Self, String> {
        let url = Url::parse(&asking.url).map_err(|_| "the address cannot be read".to_owned())?;
        outward.permits(&url).map_err(str::to_owned)?;
        let issuer = IssuerUrl::new(asking.url.clone()).map_err(|error| error.to_string())?;
        let about =
            CoreProviderMetadata::discover_async(issuer, outward).await.map_err(|error| reason(&error))?;
        // A page leads there, so it must be an address, and nothing else.
        outward.permits(about.authorization_endpoint().url()).map_err(str::to_owned)?;
        let back = RedirectUrl::new(asking.back.clone()).map_err(|error| error.to_string())?;
        let basic = about.token_endpoint_auth_methods_supported();
        let by_body = basic.is_some_and(|all| !all.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let (id, secret) = (ClientId::new(asking.audience.clone()), ClientSecret::new(asking.secret.clone()));
        let client = CoreClient::from_provider_metadata(about, id, Some(secret))
            .set_redirect_uri(back)
            .set_auth_type(if by_body { AuthType::RequestBody } else { AuthType::BasicAuth });
        Ok(Self { client })
    }

    /// Where to go.
    pub fn address(&self, secrets: &Secrets) -> Url {
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let (state, nonce) = (secrets.state.clone(), secrets.nonce.clone());
        let request = self.client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(state),
            move || Nonce::new(nonce),
        );
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let request = request.set_pkce_challenge(challenge).add_scope(Scope::new("email".to_owned()));
        request.url().0
    }

    /// Trades the code that somebody has brought back, and checks what comes for it.
    pub async fn trade(
        &self,
        outward: &Outward,
        code: &str,
        secrets: &Secrets,
        now: At,
    ) -> Result<Vouched, String> {
        let trade = self.client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let trade = trade.map_err(|error| error.to_string())?;
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let answer = trade.set_pkce_verifier(verifier).request_async(outward).await;
        let answer = answer.map_err(|error| reason(&error))?;
        let token = answer.id_token().ok_or("it gave no token that says who it is")?;
        let verifier = self
            .client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || {
                let text = now.to_string();
                text.parse().expect("instants are written as RFC 3339 says")
            })
            .set_issue_time_verifier_fn(move |issued| match At::from_millis(issued.timestamp_millis()) {
                early if early < now - OLDEST => Err("it is too old".to_owned()),
                late if late > now + DRIFT => Err("it is of a time to come".to_owned()),
                _ => Ok(()),
            });
        let nonce = Nonce::new(secrets.nonce.clone());
        let claims = token.claims(&verifier, &nonce).map_err(|error| reason(&error))?;
        let mut vouched = Vouched::read(claims)?;
        if vouched.email.is_none() && claims.email().is_none() {
            // Many keep the address out of the token and tell it when asked.
            if let Ok(ask) =
                self.client.user_info(answer.access_token().clone(), Some(claims.subject().clone()))
            {
                let more: CoreUserInfoClaims =
                    ask.request_async(outward).await.map_err(|error| reason(&error))?;
                vouched.email = verified(more.email().map(|email| email.as_str()), more.email_verified());
            }
        }
        Ok(vouched)
    }
}

impl Vouched {
    fn read(claims: &CoreIdTokenClaims) -> Result<Self, String> {
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > SUBJECT {
            return Err("the name of the account is empty or too long".to_owned());
        }
        let methods =
            claims.auth_method_refs().into_iter().flatten().map(|method| method.as_str().to_owned());
        let class = claims.auth_context_ref().map(|class| class.as_str().to_owned());
        Ok(Self {
            subject: subject.to_owned(),
            email: verified(claims.email().map(|email| email.as_str()), claims.email_verified()),
            proofs: methods.chain(class).take(32).collect(),
        })
    }
}

fn verified(email: Option<&str>, verified: Option<bool>) -> Option<String> {
    email
        .filter(|email| verified == Some(true) && email.len() <= 254)
        .map(|email| email.trim().to_lowercase())
}

/// An error with what is behind it, in one line.
fn reason(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut inner = error.source();
    while let Some(source) = inner {
        let more = source.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        inner = source.source();
    }
    words.chars().filter(|c| !c.is_control()).take(300).collect()
}
