// An issuer for tests: the certified oidc-provider with its own page to log in, where any name is an account.
//
//   node issuer.mjs BACK      BACK is where people come back to; prints its address once it listens
//
// An account is an address, perhaps with `~` and a fault behind it: what is wrong with the token that it gets.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import Provider from "oidc-provider";

const require = createRequire(import.meta.resolve("oidc-provider"));
const { SignJWT, decodeJwt, exportJWK, generateKeyPair } = await import(require.resolve("jose").replace(/^/, "file://"));

const own = await generateKeyPair("RS256", { extractable: true });
const foreign = await generateKeyPair("RS256", { extractable: true });
const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(url, {
  clients: [{ client_id: "remit", client_secret: "between us", redirect_uris: [process.argv[2]] }],
  jwks: { keys: [{ ...(await exportJWK(own.privateKey)), kid: "own", alg: "RS256", use: "sig" }] },
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  cookies: { keys: ["of a test"] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id.split("~")[0], email_verified: !id.endsWith("~unverified") }),
  }),
  // Nobody is asked for consent.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid email");
    await grant.save();
    return grant;
  },
});

const faults = {
  nonce: (claims) => { claims.nonce = "of another trip"; },
  expired: (claims) => { claims.exp = claims.iat - 60; },
  old: (claims) => { claims.iat -= 86400; },
  audience: (claims) => { claims.aud = "somebody else"; },
  second: (claims) => { claims.aud = ["remit", "somebody else"]; },
  issuer: (claims) => { claims.iss = "https://login.example.com"; },
  strong: (claims) => { claims.amr = ["pwd", "mfa"]; },
};

async function signed(token) {
  const claims = decodeJwt(token);
  const fault = claims.sub.split("~")[1];
  const header = { alg: "RS256", kid: "own" };
  if (fault === "unsigned") {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "none" })}.${part(claims)}.`;
  }
  if (fault === "symmetric") {
    return new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode("between us"));
  }
  if (fault === "key") return new SignJWT(claims).setProtectedHeader(header).sign(foreign.privateKey);
  if (!faults[fault]) return token;
  faults[fault](claims);
  return new SignJWT(claims).setProtectedHeader(header).sign(own.privateKey);
}

provider.use(async (ctx, next) => {
  await next();
  if (ctx.body?.id_token) ctx.body = { ...ctx.body, id_token: await signed(ctx.body.id_token) };
});

server.on("request", provider.callback());
console.log(url);
