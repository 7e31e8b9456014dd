/** Rechecking a session in a worker of the browser, so that the page does not freeze over a book of many orders. */

import type { SessionDetail } from '../chain/sessions';
import { AllocationTree } from '../market/allocation-tree';
import { StandardMerkleTree } from '../market/merkle';
import type { ReadCid } from '../market/publication';
import { recheck, type Place, type Recheck } from './recheck';

export type ToWorker =
  | { readonly kind: 'recheck'; readonly detail: SessionDetail; readonly place: Place }
  | { readonly kind: 'file'; readonly number: number; readonly raw: Uint8Array }
  | { readonly kind: 'unread'; readonly number: number; readonly why: string };

export type FromWorker =
  | { readonly kind: 'read'; readonly number: number; readonly cid: string }
  | { readonly kind: 'found'; readonly found: Recheck }
  | { readonly kind: 'failed'; readonly why: string };

/** As `recheck`, computed beside the page; in the page itself where the browser has no workers. */
export function recheckAside(detail: SessionDetail, place: Place, read: ReadCid): Promise<Recheck> {
  if (typeof Worker === 'undefined') return recheck(detail, place, read);
  const worker = new Worker(new URL('./recheck.worker', import.meta.url), { type: 'module' });
  const tell = (message: ToWorker): void => worker.postMessage(message);
  return new Promise<Recheck>((resolve, reject) => {
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'found') resolve(revived(data.found));
      else if (data.kind === 'failed') reject(new Error(data.why));
      else {
        const { number, cid } = data;
        read(cid).then(
          (raw) => tell({ kind: 'file', number, raw }),
          (error: unknown) => tell({ kind: 'unread', number, why: error instanceof Error ? error.message : '' }),
        );
      }
    });
    tell({ kind: 'recheck', detail, place });
  }).finally(() => worker.terminate());
}

/** What a worker hands over has lost what its trees can do: messages carry data, and no methods. */
export function revived(found: Recheck): Recheck {
  for (const { tree } of found.slots) Object.setPrototypeOf(tree, AllocationTree.prototype);
  if (found.settlement) Object.setPrototypeOf(found.settlement.tree, StandardMerkleTree.prototype);
  return found;
}
