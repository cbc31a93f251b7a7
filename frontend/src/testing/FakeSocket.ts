/** A WebSocket whose other end is the test. */
import { type FromPage, type ToPage, fromPage } from "../wire";

export class FakeSocket {
  static readonly OPEN = 1;
  static readonly all: FakeSocket[] = [];

  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (socket === undefined) throw new Error("The page has opened no socket.");
    return socket;
  }

  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readyState = 0;
  readonly sent: FromPage[] = [];

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(fromPage.parse(JSON.parse(text)));
  }

  close(): void {
    this.readyState = 3;
  }

  accept(): this {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
    return this;
  }

  say(...messages: readonly ToPage[]): this {
    for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) });
    return this;
  }

  sayRaw(data: string): void {
    this.onmessage?.({ data });
  }

  hangUp(): void {
    this.readyState = 3;
    this.onclose?.();
  }

  sentOf<Kind extends FromPage["kind"]>(kind: Kind): Extract<FromPage, { kind: Kind }>[] {
    return this.sent.filter((message): message is Extract<FromPage, { kind: Kind }> => message.kind === kind);
  }
}
