import { GateHeading } from "../parts/GateHeading";
import type { State } from "../state";
import type { UpdateOf } from "../wire";

type Outcome = UpdateOf<"ended">["outcome"];

const WORDS: Readonly<Record<Outcome, { readonly heading: string; readonly text: string }>> = {
  completed: { heading: "Thank you", text: "Your work is saved. You can close this page." },
  left: { heading: "You have left the study", text: "Your place was given back. You can close this page." },
  timed_out: {
    heading: "The time ran out",
    text: "There was no answer from you within the time limit, so the study ended here. What you had sent is saved. You can close this page.",
  },
  bot_failed: {
    heading: "Your partner is not available any more",
    text: "The chat cannot go on. This is not your fault: your work is saved, it counts as completed, and you will be paid for it. You can close this page.",
  },
  qualified: {
    heading: "You passed the training",
    text: "Well done, and thank you: your work is saved. Take your next link to this study, and it opens real work. You can close this page.",
  },
  not_qualified: {
    heading: "Thank you for your effort",
    text: "Your answers differed from what this study needs more often than it can allow, so it has no further work for you. Many careful people see these things differently, so please do not take it as a judgement of you. Your work is saved. You can close this page.",
  },
};

interface Props {
  readonly outcome: Outcome;
  readonly drafts: State["drafts"];
}

export function DoneGate({ outcome, drafts }: Props) {
  const { heading, text } = WORDS[outcome];
  const unsent = outcome === "timed_out" ? Object.values(drafts).filter((draft) => draft.trim() !== "") : [];
  return (
    <section className="card">
      <GateHeading>{heading}</GateHeading>
      <p>{text}</p>
      {unsent.length > 0 && (
        <details className="reread">
          <summary>What you had written and not sent</summary>
          {unsent.map((draft) => (
            <p key={draft} className="words" dir="auto">
              {draft}
            </p>
          ))}
        </details>
      )}
    </section>
  );
}
