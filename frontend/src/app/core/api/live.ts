/**
 * The service's live changes (server-sent events): a bell that says when there is something new to read.
 *
 * What is new is read from the chain; nothing that the stream says is shown as a fact about it. The stream is public, so
 * no token is sent. It is listened to while the page is in sight: a browser opens few connections to one place.
 */

import { computed, effect, inject, Injectable, signal } from '@angular/core';

import { NetworkService } from '../chain/network';

/** How far the service has read the chain, as its stream last said. */
export interface ServiceHead {
  readonly generation: number;
  readonly revision: number;
  readonly block: number;
  readonly block_time: number;
  readonly behind: number;
}

const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 60_000;

@Injectable({ providedIn: 'root' })
export class LiveService {
  private readonly networks = inject(NetworkService);
  private readonly isInSight = signal(document.visibilityState !== 'hidden');
  private readonly attempt = signal(0);
  /** Whether the stream is open: while it is, nobody has to ask again and again. */
  readonly isOpen = signal(false);
  readonly head = signal<ServiceHead | null>(null);

  private readonly url = computed(() => {
    const community = this.networks.community()?.address;
    const isThere = this.networks.failure() === null && typeof EventSource !== 'undefined';
    return community && isThere && this.isInSight() ? `/v1/events?community=${community}` : null;
  });
  private retryMs = FIRST_RETRY_MS;

  constructor() {
    document.addEventListener('visibilitychange', () => this.isInSight.set(document.visibilityState !== 'hidden'));
    effect((onCleanup) => {
      this.attempt();
      const url = this.url();
      if (url) onCleanup(this.listen(url));
    });
  }

  private listen(url: string): () => void {
    const stream = new EventSource(url);
    let retry: ReturnType<typeof setTimeout> | undefined;
    stream.addEventListener('open', () => {
      this.isOpen.set(true);
      this.retryMs = FIRST_RETRY_MS;
    });
    stream.addEventListener('head', (event: MessageEvent<string>) =>
      this.head.set(JSON.parse(event.data) as ServiceHead),
    );
    stream.addEventListener('error', () => {
      this.isOpen.set(false);
      // A connection that broke is opened again by the browser; one that was refused is not.
      if (stream.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(() => this.attempt.update((count) => count + 1), this.retryMs);
      this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
    });
    return () => {
      clearTimeout(retry);
      stream.close();
      this.isOpen.set(false);
    };
  }
}
