import { useRef } from "react";

import { Composer } from "../chat/Composer";
import { Log } from "../chat/Log";
import { SidePane } from "../chat/SidePane";
import { TurnCounter } from "../chat/TurnCounter";
import { useHelp } from "../labels/Instructions";
import { heldBackSentence, onlineGaps, onlineParts } from "../labels/online";
import { useOnline } from "../labels/useOnline";
import { Countdown } from "../parts/Countdown";
import { GateHeading } from "../parts/GateHeading";
import { PicturePane } from "../picture/PicturePane";
import { useSession } from "../session";
import type { Standing } from "../state";
import type { StudyView } from "../wire";

interface Props {
  readonly study: StudyView;
  readonly standing: Extract<Standing, { kind: "dialogue_opened" | "turn_asked" }>;
}

export function ChatGate({ study, standing }: Props) {
  const { state } = useSession();
  const index = standing.dialogue;
  const dialogue = state.dialogues[index];
  const room = useRef<HTMLElement>(null);
  const labelled = onlineParts(state, index)[0];
  const help = useHelp(labelled?.part);
  const online = useOnline(room, index, help.ask);
  const seat = standing.kind === "turn_asked" ? standing.seat : null;
  return (
    <div className="chat">
      {dialogue?.picture != null && <PicturePane picture={dialogue.picture} />}
      <SidePane key={index} study={study} dialogue={dialogue} labelling={labelled?.task.instructions_html ?? ""} help={help} />
      <section className="room" ref={room}>
        <header className="room-head">
          <GateHeading>{study.dialogues > 1 ? `Chat ${index + 1} of ${study.dialogues}` : "Chat"}</GateHeading>
          <TurnCounter turnsTaken={dialogue?.turnsTaken ?? 0} minimumTurns={dialogue?.minimumTurns ?? 0} />
        </header>
        <Log state={state} dialogue={index} isPartnerWriting={seat === "bot"} below={online.below} countBelow={online.count} />
        <Countdown
          deadline={seat === "person" ? standing.deadline : null}
          limitSeconds={study.turn_seconds}
          purpose="to send your message"
        />
        <Composer
          dialogue={index}
          isOwnTurn={seat === "person"}
          heldBack={heldBackSentence(onlineGaps(state, index))}
          onHeldBack={online.goToFirstOpen}
        />
      </section>
    </div>
  );
}
