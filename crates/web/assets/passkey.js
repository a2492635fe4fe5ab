// Passkeys need a script: what is of no use without them stays hidden until this file has run.
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;
  for (const part of document.querySelectorAll('[data-needs="passkeys"]')) part.hidden = false;

  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const said = form.querySelector("[data-said]");
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (form.dataset.credentials ?? "").split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) }));
  const challenge = bytes(form.dataset.challenge);

  async function create() {
    const made = await navigator.credentials.create({ publicKey: {
      challenge, rp: { id: form.dataset.host, name: "Remit" },
      user: { id: bytes(form.dataset.user), name: form.dataset.name, displayName: form.dataset.name },
      pubKeyCredParams: form.dataset.algorithms.split(" ").map((alg) => ({ type: "public-key", alg: Number(alg) })),
      excludeCredentials: known, attestation: "none", timeout: 300000,
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "preferred" },
    } });
    form.elements.client.value = text(made.response.clientDataJSON);
    form.elements.attestation.value = text(made.response.attestationObject);
  }

  async function get() {
    const used = await navigator.credentials.get({ publicKey: {
      challenge, rpId: form.dataset.host, allowCredentials: known, userVerification: "preferred", timeout: 300000,
    } });
    form.elements.credential.value = text(used.rawId);
    form.elements.user.value = text(used.response.userHandle ?? new ArrayBuffer(0));
    form.elements.client.value = text(used.response.clientDataJSON);
    form.elements.device.value = text(used.response.authenticatorData);
    form.elements.signature.value = text(used.response.signature);
  }

  let busy = false;
  async function run() {
    if (busy) return;
    busy = true;
    said.hidden = true;
    try {
      await (form.dataset.passkey === "create" ? create() : get());
      form.submit();
    } catch (error) {
      said.textContent = error.name === "InvalidStateError" ? "This device has a passkey for you already." : "That did not work, or took too long. Try again.";
      said.hidden = false;
      busy = false;
    }
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
  run();
})();
