import type { Turn } from "../wire";

interface Props {
  readonly number: number;
  readonly speaker: Turn["speaker"];
  readonly name: string;
  readonly text: string;
}

/** What somebody said, as plain text. */
export function Utterance({ number, speaker, name, text }: Props) {
  return (
    <div className="utterance" data-speaker={speaker}>
      <p className="speaker">
        <span className="turn-number">{number}</span> {name}
      </p>
      <p className="words" dir="auto">
        {text}
      </p>
    </div>
  );
}
