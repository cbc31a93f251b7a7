import { Fragment, type ReactNode, memo } from "react";

import type { ShownTurn } from "../claims";

const MARKS: Readonly<Record<ShownTurn["mark"], string>> = { "": "", sending: "Sending…", saved: "Saved" };

interface Props {
  readonly turns: readonly ShownTurn[];
  /** What stands below a turn. */
  readonly below?: (turn: number) => ReactNode;
}

/** The turns of one dialogue, in order, as plain text. */
export function Transcript({ turns, below }: Props) {
  return turns.map((turn, number) => (
    <Fragment key={turn.key}>
      <Message speaker={turn.speaker} text={turn.text} mark={turn.mark} />
      {below?.(number)}
    </Fragment>
  ));
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
