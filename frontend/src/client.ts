/** The page's end of a session: it joins, keeps what is said until it is answered, and holds the state. */
import { Connection } from "./connection";
import { newId } from "./ids";
import { Keep } from "./keep";
import { readKept, writeKept } from "./kept";
import type { Spot } from "./labels/places";
import { Stopwatch } from "./labels/times";
import { type Link, setWorkerId } from "./link";
import { Outbox } from "./outbox";
import { type Action, type State, initialState, reduce } from "./state";
import type { Value } from "./task";
import { type SessionMessage, type ToPage, wellFormed } from "./wire";

/** After this long without an answer, a message is sent once more on the same line. */
const UNANSWERED_MS = 10_000;

type WithoutId<Message> = Message extends unknown ? Omit<Message, "id"> : never;
export type Saying = WithoutId<SessionMessage>;

export class Client {
  /** How long somebody is at what they label; goes out with what they say next. */
  readonly stopwatch = new Stopwatch();
  private state: State;
  private keep: Keep;
  private outbox: Outbox;
  private readonly connection: Connection;
  private readonly watchers = new Set<() => void>();

  constructor(link: Link, url: string, random?: () => number) {
    this.keep = new Keep(link);
    this.outbox = new Outbox(this.keep);
    this.state = initialState(link, readKept(this.keep));
    this.connection = new Connection(
      url,
      {
        onOpen: () => this.dispatch({ kind: "opened" }),
        onClose: () => this.dispatch({ kind: "closed" }),
        onMessage: (message) => this.receive(message),
        onUnreadable: () => this.dispatch({ kind: "unreadable" }),
      },
      random,
    );
  }

  readonly getState = (): State => this.state;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  start(): void {
    addEventListener("beforeunload", this.warnOfLoss);
    if (this.state.link.workerId !== "") this.connection.start();
  }

  stop(): void {
    removeEventListener("beforeunload", this.warnOfLoss);
    this.connection.stop();
  }

  /** For a link that names nobody: the person has said who they are. */
  identify(workerId: string): void {
    const link = setWorkerId(workerId);
    this.keep = new Keep(link);
    this.outbox = new Outbox(this.keep);
    this.dispatch({ kind: "linkGiven", link, kept: readKept(this.keep) });
    this.connection.start();
  }

  /** Asks for the session by the link or, where there is one, by the token of an earlier visit. */
  enter(): void {
    const token = this.keep.read("token");
    const since = this.state.lastSeq;
    const { workerId: worker_id, assignmentId: assignment_id, expires, signature } = this.state.link;
    if (token !== null) this.connection.send({ kind: "resume", token, since });
    else this.connection.send({ kind: "join", worker_id, assignment_id, since, expires, signature });
  }

  /** Keeps a message until the study has answered it, over reloads and lost lines, and sends it as soon as it can. */
  say(saying: Saying, isUndo = false): void {
    const message: SessionMessage = { ...saying, id: newId() };
    if (message.kind === "say") message.text = wellFormed(message.text);
    if (message.kind === "submit") message.comment = wellFormed(message.comment);
    if (message.kind === "label" && typeof message.value === "string") message.value = wellFormed(message.value);
    const pending = { message, at: Date.now(), isCommitted: false };
    this.outbox.add(pending);
    this.dispatch({ kind: "said", pending, isUndo });
    if (this.state.isJoined) this.connection.send(message);
  }

  /** Gives or changes an answer; null takes it back. */
  label({ part, turn, question }: Spot, value: Value | null): void {
    this.say({ kind: "label", part, turn, question, value, spent: this.stopwatch.take() });
  }

  /** Puts back the answer before the last change that was made here, and says where that was. */
  undo(): Spot | null {
    const change = this.state.changes.at(-1);
    if (change === undefined) return null;
    const { part, turn, question, value } = change;
    this.say({ kind: "label", part, turn, question, value, spent: this.stopwatch.take() }, true);
    return change;
  }

  submitLabels(): void {
    this.stopwatch.stop();
    this.say({ kind: "submit_labels", spent: this.stopwatch.take() });
  }

  readonly dispatch = (action: Action): void => {
    const before = this.state;
    this.state = reduce(before, action);
    if (this.state === before) return;
    this.forgetAnswered(before);
    writeKept(this.keep, before, this.state);
    for (const watcher of this.watchers) watcher();
  };

  private receive(message: ToPage): void {
    switch (message.kind) {
      case "operator":
        this.dispatch({ kind: "operatorChanged", isAttached: message.attached });
        if (message.attached) this.enter();
        return;
      case "joined":
        this.keep.write("token", message.token);
        this.dispatch({ kind: "joined", study: message.study });
        this.sendUnanswered(0);
        return;
      case "refused":
        if (message.reason === "unknown_session" && this.keep.read("token") !== null) this.startOver();
        else this.dispatch({ kind: "refused", refusal: message });
        return;
      case "updates":
        this.dispatch({ kind: "updated", updates: message.updates, receivedAt: Date.now() });
        // Something between is missing; a new line brings everything since the last update that is here.
        if (message.updates.some(({ seq }) => seq > this.state.lastSeq)) this.connection.renew();
        return;
      case "partner":
        this.dispatch({ kind: "partnerChanged", partner: message, receivedAt: Date.now() });
        return;
      case "ack":
        this.dispatch({ kind: "acknowledged", id: message.id });
        return;
      case "rejected":
        this.dispatch({ kind: "rejected", id: message.id, text: message.text });
        return;
      case "pong":
        this.sendUnanswered(UNANSWERED_MS);
    }
  }

  /** The token leads nowhere any more; the link does. */
  private startOver(): void {
    this.keep.remove("token");
    this.dispatch({ kind: "sessionForgotten" });
    this.enter();
  }

  private sendUnanswered(olderThanMs: number): void {
    if (!this.state.isJoined) return;
    for (const { message, at, isCommitted } of this.state.outbox) {
      if (!isCommitted && Date.now() - at >= olderThanMs) this.connection.send(message);
    }
  }

  private forgetAnswered(before: State): void {
    if (before.outbox === this.state.outbox || before.link !== this.state.link) return;
    const unanswered = new Set(this.state.outbox.filter((entry) => !entry.isCommitted).map(({ message }) => message.id));
    for (const { message } of before.outbox) if (!unanswered.has(message.id)) this.outbox.remove(message.id);
  }

  /** Only where the browser keeps nothing can leaving the page lose words. */
  private readonly warnOfLoss = (event: BeforeUnloadEvent): void => {
    const { drafts, outbox, standing } = this.state;
    if (this.keep.isLasting || standing?.kind === "ended") return;
    if (outbox.some((entry) => !entry.isCommitted) || Object.values(drafts).some((text) => text !== "")) {
      event.preventDefault();
    }
  };
}

/** Where the page's WebSocket is: on the host that served the page. */
export function socketUrl(): string {
  const url = new URL("/page", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
