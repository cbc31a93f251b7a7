/** One lasting line to the server: parses what comes in, notices when the line is dead, and connects again by itself. */
import { type FromPage, type ToPage, parseToPage } from "./wire";

export const PING_MS = 15_000;
export const SILENCE_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export interface Listener {
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onMessage: (message: ToPage) => void;
  /** Something came that is no message which this page knows. */
  readonly onUnreadable: () => void;
}

type Timer = ReturnType<typeof setTimeout>;

export class Connection {
  private socket: WebSocket | null = null;
  private failures = 0;
  private retry: Timer | undefined;
  private ping: Timer | undefined;
  private silence: Timer | undefined;

  /** `random` gives numbers from 0 to 1, so that many pages do not all come back at the same moment. */
  constructor(
    private readonly url: string,
    private readonly listener: Listener,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    addEventListener("online", this.hurry);
    addEventListener("offline", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    this.connect();
  }

  stop(): void {
    removeEventListener("online", this.hurry);
    removeEventListener("offline", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    this.drop();
  }

  /** Sends at once, or not at all: whoever needs certainty keeps the message until it is answered. */
  send(message: FromPage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Leaves this line for a new one, after a pause. */
  renew(): void {
    const wasLive = this.socket !== null;
    this.drop();
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures);
    this.failures += 1;
    this.retry = setTimeout(() => this.connect(), longest * (0.5 + this.random() / 2));
    if (wasLive) this.listener.onClose();
  }

  private connect(): void {
    this.drop();
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.expectMessage();
    socket.onopen = () => {
      this.listener.onOpen();
      this.schedulePing();
    };
    socket.onmessage = ({ data }) => this.hear(data);
    socket.onclose = () => this.renew();
  }

  private hear(data: unknown): void {
    clearTimeout(this.silence);
    this.silence = undefined;
    const message = parseToPage(data);
    if (message === null) this.listener.onUnreadable();
    else this.listener.onMessage(message);
  }

  private schedulePing(): void {
    clearTimeout(this.ping);
    this.ping = setTimeout(() => {
      this.failures = 0; // a line that has lasted this long is a good one
      this.probe();
      this.schedulePing();
    }, PING_MS);
  }

  private probe(): void {
    this.send({ kind: "ping" });
    this.expectMessage();
  }

  /** The first silence counts: a later probe must not put off the end of a dead line. */
  private expectMessage(): void {
    this.silence ??= setTimeout(() => this.renew(), SILENCE_MS);
  }

  /** The network or the person came back, or the network went: find out now instead of at the next ping. */
  private readonly hurry = (): void => {
    if (document.visibilityState === "hidden") return;
    if (this.socket === null) this.connect();
    else if (this.socket.readyState === WebSocket.OPEN) this.probe();
  };

  private drop(): void {
    clearTimeout(this.retry);
    clearTimeout(this.ping);
    clearTimeout(this.silence);
    this.silence = undefined;
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
