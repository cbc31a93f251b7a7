import { isPending } from "../claims";
import { Preview } from "../labels/Preview";
import { GateHeading } from "../parts/GateHeading";
import { Html } from "../parts/Html";
import { LeaveButton } from "../parts/LeaveButton";
import { Notice } from "../parts/Notice";
import { useSession } from "../session";
import type { StudyView } from "../wire";
import { dollars, duration, plural } from "../words";

/** What the study is, what it asks and what it pays, before anything is begun. */
export function ConsentGate({ study }: { readonly study: StudyView }) {
  const { state, client } = useSession();
  const isStarting = isPending(state, "consent");
  return (
    <article className="card">
      <GateHeading>{study.title}</GateHeading>
      <Html html={study.description_html} />
      <Facts study={study} />
      {study.instructions_html !== "" && (
        <section>
          <h2>Instructions</h2>
          <Html html={study.instructions_html} />
        </section>
      )}
      {study.preview !== null && study.preview.parts.length > 0 && <Preview preview={study.preview} />}
      <Notice text={state.notice} />
      <div className="actions">
        <LeaveButton label="I do not want to take part" />
        <button
          type="button"
          className="primary"
          aria-disabled={isStarting}
          onClick={() => {
            if (!isStarting) client.say({ kind: "consent" });
          }}
        >
          {isStarting ? "Starting…" : "I agree, start"}
        </button>
      </div>
    </article>
  );
}

function Facts({ study }: { readonly study: StudyView }) {
  return (
    <dl className="facts">
      <Fact name="What you do" value={workOf(study)} />
      {study.session_seconds > 0 && <Fact name="Time for everything" value={duration(study.session_seconds)} />}
      {study.work === "chat" && study.turn_seconds > 0 && <Fact name="Time for each turn" value={duration(study.turn_seconds)} />}
      {study.reward_usd > 0 && <Fact name="Reward" value={dollars(study.reward_usd)} />}
    </dl>
  );
}

function workOf({ work, dialogues, minimum_turns }: StudyView): string {
  switch (work) {
    case "labels":
      return "Read dialogues and answer questions about them";
    case "training":
      return "A training: label example dialogues, and see after each what was right";
    case "chat": {
      const chats = plural(dialogues, "chat");
      const turns = `at least ${plural(minimum_turns, "turn")}${dialogues > 1 ? " each" : ""}`;
      return minimum_turns > 0 ? `${chats}, ${turns}` : chats;
    }
  }
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
