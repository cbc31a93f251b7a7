/**
 * What one link keeps in the browser: small texts by name.
 *
 * Every tab of the same link shares them. Where the browser refuses storage they live as long as the page does, and
 * `isLasting` turns false.
 */
import type { Link } from "./link";

export class Keep {
  isLasting = true;
  private readonly prefix: string;
  private readonly fallback = new Map<string, string>();

  constructor(link: Link) {
    this.prefix = `chateval/${encodeURIComponent(link.workerId)}/${encodeURIComponent(link.assignmentId)}/`;
  }

  read(name: string): string | null {
    return this.fallback.get(name) ?? this.attempt((storage) => storage.getItem(this.prefix + name)) ?? null;
  }

  write(name: string, value: string): void {
    const isWritten = this.attempt((storage) => {
      storage.setItem(this.prefix + name, value);
      return true;
    });
    if (isWritten) this.fallback.delete(name);
    else this.fallback.set(name, value);
  }

  remove(name: string): void {
    this.fallback.delete(name);
    this.attempt((storage) => storage.removeItem(this.prefix + name));
  }

  /** The names that start with `start`, in no particular order. */
  names(start: string): string[] {
    const stored = this.attempt((storage) => Object.keys(storage)) ?? [];
    const own = stored.filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length));
    return [...new Set([...own, ...this.fallback.keys()])].filter((name) => name.startsWith(start));
  }

  /** Private modes, full disks and policies all make storage throw; none of them may stop the chat. */
  private attempt<T>(access: (storage: Storage) => T): T | undefined {
    try {
      return access(localStorage);
    } catch {
      this.isLasting = false;
      return undefined;
    }
  }
}
