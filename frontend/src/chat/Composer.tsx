import { type KeyboardEvent, type SyntheticEvent, useId } from "react";

import { isPending } from "../claims";
import { Notice } from "../parts/Notice";
import { useSession } from "../session";
import { MAX_TEXT_CHARACTERS, characterCount } from "../wire";
import { ComposerHint } from "./ComposerHint";
import { FinishButton } from "./FinishButton";

interface Props {
  readonly dialogue: number;
  readonly isOwnTurn: boolean;
  /** Why nothing can be sent yet, although it is one's turn; empty where it can. */
  readonly heldBack: string;
  /** Somebody tried nevertheless. */
  readonly onHeldBack: () => void;
}

export function Composer({ dialogue, isOwnTurn, heldBack, onHeldBack }: Props) {
  const { state, client } = useSession();
  const [textId, hintId] = [useId(), useId()];
  const draft = state.drafts[dialogue] ?? "";
  const characters = characterCount(draft.trim());
  const isOnItsWay = isPending(state, "say", "finish", "leave");
  const isSendable = isOwnTurn && !isOnItsWay && characters > 0 && characters <= MAX_TEXT_CHARACTERS;
  const maySend = isSendable && heldBack === "";

  const send = () => {
    if (maySend) client.say({ kind: "say", dialogue, text: draft.trim() });
    else if (isSendable) onHeldBack();
  };
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    send();
  };

  return (
    <form className="composer" onSubmit={onSubmit}>
      <Notice text={state.notice} />
      <label htmlFor={textId} className="hidden">
        Your message
      </label>
      <textarea
        id={textId}
        value={draft}
        rows={2}
        dir="auto"
        placeholder="Write your message…"
        enterKeyHint="send"
        aria-describedby={hintId}
        aria-invalid={characters > MAX_TEXT_CHARACTERS}
        onChange={(event) => client.dispatch({ kind: "drafted", dialogue, text: event.target.value })}
        onKeyDown={onKeyDown}
      />
      <button type="submit" className="primary" aria-disabled={!maySend}>
        Send
      </button>
      <div className="below">
        <ComposerHint
          id={hintId}
          characters={characters}
          isOwnTurn={isOwnTurn}
          isPartnerAwaited={!isOwnTurn && state.partner?.doing === "waiting"}
          isOnItsWay={isOnItsWay}
          heldBack={heldBack}
        />
        <FinishButton dialogue={dialogue} isOwnTurn={isOwnTurn && heldBack === ""} hasDraft={draft.trim() !== ""} />
      </div>
    </form>
  );
}

/** An Enter that chooses a character in an input method is not one that sends; Safari tells only by the key code 229. */
function isComposing(event: KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing newer tells
  return event.nativeEvent.isComposing || event.keyCode === 229;
}
