/** How long somebody is at each turn of each part, their idle time apart. Times are in milliseconds. */
import { MAX_LABEL_ITEMS, type Spent } from "../wire";
import type { Place } from "./places";

/** Somebody who has done nothing for longer than this is not at work. */
export const IDLE_MS = 30_000;

interface Sum extends Place {
  active: number;
  idle: number;
}

/**
 * Counts from one event to the next: as active until `IDLE_MS` after somebody last acted, as idle after that, and while
 * the page is not looked at. All of it belongs to the place where they last were.
 */
export class Stopwatch {
  private place: Place | null = null;
  private countedUntil = 0;
  private lastAct = 0;
  private isVisible = true;
  private readonly sums = new Map<string, Sum>();

  constructor(private readonly now: () => number = () => Date.now()) {}

  /** Somebody is at this place from now on, by what they did or by what the page shows them. */
  at(place: Place): void {
    this.count();
    this.place = place;
    this.lastAct = this.countedUntil;
  }

  /** Somebody moved, typed or scrolled. */
  acted(): void {
    this.count();
    this.lastAct = this.countedUntil;
  }

  see(isVisible: boolean): void {
    this.count();
    this.isVisible = isVisible;
    if (isVisible) this.lastAct = this.countedUntil;
  }

  /** Nothing is being labelled any more. */
  stop(): void {
    this.count();
    this.place = null;
  }

  /** What was counted since the last time, as a message carries it. */
  take(): Spent[] {
    this.count();
    const taken = [...this.sums].slice(0, MAX_LABEL_ITEMS);
    for (const [key] of taken) this.sums.delete(key);
    return taken.map(([, { part, turn, active, idle }]) => ({
      part,
      turn,
      active_seconds: Math.round(active) / 1000,
      idle_seconds: Math.round(idle) / 1000,
    }));
  }

  private count(): void {
    const now = this.now();
    const from = this.countedUntil;
    this.countedUntil = now;
    if (this.place === null || now <= from) return;
    const activeUntil = this.isVisible ? Math.min(now, Math.max(from, this.lastAct + IDLE_MS)) : from;
    const { part, turn } = this.place;
    const key = `${part}/${turn ?? ""}`;
    const sum = this.sums.get(key) ?? { part, turn, active: 0, idle: 0 };
    this.sums.set(key, { ...sum, active: sum.active + activeUntil - from, idle: sum.idle + now - activeUntil });
  }
}
