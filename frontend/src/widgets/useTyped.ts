import { useEffect, useEffectEvent, useState } from "react";

/** A pause after which what has been typed is sent, in milliseconds. */
export const PAUSE = 800;

interface Draft {
  readonly text: string;
  /** The answer of record while it was typed: once that changes by other hands, the draft is void. */
  readonly base: string;
}

/**
 * Text that is sent when the field is left, after a pause, and when the field or the page goes away; not at each key.
 * What may not be sent stays in the field.
 */
export function useTyped(value: string, maySend: (text: string) => boolean, send: (text: string) => void) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const text = draft !== null && draft.base === value ? draft.text : value;
  const isUnsent = text !== value && maySend(text);

  const flush = () => {
    if (!isUnsent) return;
    setDraft(null);
    send(text);
  };
  const flushNow = useEffectEvent(flush);

  useEffect(() => {
    if (!isUnsent) return;
    const timer = setTimeout(() => flushNow(), PAUSE);
    return () => clearTimeout(timer);
  }, [text, isUnsent]);

  useEffect(() => {
    const onLeave = () => flushNow();
    addEventListener("pagehide", onLeave);
    return () => {
      removeEventListener("pagehide", onLeave);
      flushNow();
    };
  }, []);

  return { text, change: (next: string) => setDraft({ text: next, base: value }), flush };
}
