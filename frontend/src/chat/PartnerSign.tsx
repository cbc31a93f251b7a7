import { useEffect, useState } from "react";

import type { Partner } from "../state";
import { clock } from "../words";

/** What is seen of a partner at their turn. The same whoever they are: a person, a bot, a model that is still loading. */
export function PartnerSign({ partner }: { readonly partner: Partner | null }) {
  if (partner?.doing === "waiting") return <Awaited since={partner.since} />;
  const text = partner?.text ?? "";
  return text === "" ? <Typing /> : <Unfinished text={text} />;
}

function Typing() {
  return (
    <p className="typing">
      <span aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      Partner is writing…
    </p>
  );
}

/** Words as they come. Outside of the log, so that a screen reader tells them once, when the turn is whole. */
function Unfinished({ text }: { readonly text: string }) {
  return (
    <div className="message unfinished" data-speaker="system" aria-busy="true" aria-live="off">
      <p className="speaker">Partner is writing…</p>
      <p className="words" dir="auto">
        {text}
      </p>
    </div>
  );
}

function Awaited({ since }: { readonly since: number }) {
  const seconds = useSecondsSince(since);
  return (
    <div className="awaited">
      <p className="awaited-head">Your partner is not here yet</p>
      <p>
        Please keep this page open: the chat goes on by itself as soon as they are here. Your time does not run meanwhile,
        and you can already write your next message.
      </p>
      <p className="muted">
        You have waited for {clock(seconds)}. If they cannot come, this page tells you, and you are paid. You may also leave
        the study, at the top of the page, which gives your place to somebody else.
      </p>
      <div className="wait" aria-hidden="true" />
    </div>
  );
}

function useSecondsSince(since: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.floor((now - since) / 1000));
}
