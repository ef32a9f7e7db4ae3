// Keeps a page as things are: told by server-sent events that something has changed, it fetches the page again and puts
// its living part in place. Without scripts the browser asks again by itself (a refresh in the page's head).
"use strict";

(() => {
  const LOOK_MS = 5000; // where nobody tells: the page of a link, or too many who look
  const SURE_MS = 10000; // where somebody tells, all the same: a connection may be dead and look alive
  const PATIENCE_MS = 6000;
  const SILENT_MS = 16000; // without an answer for so long, what is shown may be old
  const body = document.body;
  if (!("live" in body.dataset)) return;

  const lost = document.getElementById("lost");
  const shout = document.getElementById("shout");
  let fetching = false;
  let again = false;
  let lastWell = Date.now();

  function well(is) {
    if (is) lastWell = Date.now();
    const silent = Date.now() - lastWell > SILENT_MS;
    if (lost.hidden === silent) {
      lost.hidden = !silent;
      lost.textContent = silent ? body.dataset.lost : "";
    }
  }

  // What somebody is at (a button, a link) is found again by what it is.
  function place(element) {
    if (!element || !element.closest("#live")) return null;
    const all = [...document.querySelectorAll("#live a, #live button, #live summary")];
    const name = (each) => each.tagName + (each.getAttribute("href") || (each.form && each.form.action) || "") + each.textContent;
    return { name: name(element), at: all.filter((each) => name(each) === name(element)).indexOf(element), find: name };
  }

  function put(fresh) {
    const old = document.getElementById("live");
    if (!fresh || !old || fresh.outerHTML === old.outerHTML) return;
    const held = place(document.activeElement);
    const opened = [...old.querySelectorAll("details")].map((each) => each.open);
    const said = fresh.dataset.say || "";
    const saidBefore = old.dataset.say || "";
    old.replaceWith(fresh);
    [...fresh.querySelectorAll("details")].forEach((each, at) => { each.open = Boolean(opened[at]); });
    if (held) {
      const same = [...fresh.querySelectorAll("a, button, summary")].filter((each) => held.find(each) === held.name);
      (same[held.at] || document.getElementById("main")).focus({ preventScroll: true });
    }
    if (said && said !== saidBefore) shout.textContent = said;
  }

  async function look() {
    if (fetching) { again = true; return; }
    fetching = true;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
      if (answer.redirected) { location.reload(); return; }
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.title = page.title;
        put(page.getElementById("live"));
        well(true);
      } else if (answer.status < 500 && answer.status !== 429) {
        location.reload();
      }
    } catch (error) {
      console.warn("alarmbro: the page could not be fetched", error);
    } finally {
      fetching = false;
      if (again) { again = false; look(); }
    }
  }

  let told = Boolean(body.dataset.live);
  let version = "";
  if (told && "EventSource" in window) {
    const events = new EventSource(body.dataset.live);
    events.onmessage = (event) => {
      if (event.data !== version) { version = event.data; look(); }
    };
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) { told = false; look(); }
    };
  } else {
    told = false;
  }
  let looked = Date.now();
  setInterval(() => {
    well(false);
    if (Date.now() - looked >= (told ? SURE_MS : LOOK_MS)) { looked = Date.now(); look(); }
  }, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
})();
