import { memo } from "react";

import type { ShownTurn } from "../claims";

const MARKS: Readonly<Record<ShownTurn["mark"], string>> = { "": "", sending: "Sending…", saved: "Saved" };

/** The turns of one dialogue, in order, as plain text. */
export function Transcript({ turns }: { readonly turns: readonly ShownTurn[] }) {
  return turns.map((turn) => <Message key={turn.key} speaker={turn.speaker} text={turn.text} mark={turn.mark} />);
}

type MessageProps = Pick<ShownTurn, "speaker" | "text" | "mark">;

const Message = memo(function Message({ speaker, text, mark }: MessageProps) {
  return (
    <div className="message" data-speaker={speaker}>
      <p className="speaker">{speaker === "user" ? "You" : "Partner"}</p>
      <p className="words" dir="auto">
        {text}
      </p>
      {mark !== "" && (
        <p className="mark" data-mark={mark}>
          {MARKS[mark]}
        </p>
      )}
    </div>
  );
});
