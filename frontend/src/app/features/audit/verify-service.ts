/** Finds out what a dropped file is, and checks it against the chain. */

import { inject, Injectable } from '@angular/core';

import { EvidenceService } from '../../core/audit/evidence';
import { PublishedService } from '../../core/audit/published';
import { checkReceipt, readReceipt, RECEIPT_FORMAT } from '../../core/audit/receipt';
import { RECEIPT_STEPS } from '../../core/audit/receipt-steps';
import { recheckAside } from '../../core/audit/recheck-aside';
import { CommunityService } from '../../core/chain/community';
import { SessionsService } from '../../core/chain/sessions';
import { bundleFault, BUNDLE_FORMAT, readBundle, type BundleFault } from '../../core/market/bundle';
import { Malformed } from '../../core/market/canonical';
import { cidOf } from '../../core/market/cid';
import { showMoment } from '../../core/text/figures';
import { injectLanguage } from '../../core/text/pipes';

export interface FindingLine {
  readonly verdict: 'right' | 'wrong' | 'open';
  readonly text: string;
}

export interface Finding {
  readonly title: string;
  readonly summary: string;
  readonly isRight: boolean;
  readonly lines: readonly FindingLine[];
}

@Injectable({ providedIn: 'root' })
export class VerifyService {
  private readonly communities = inject(CommunityService);
  private readonly sessions = inject(SessionsService);
  private readonly published = inject(PublishedService);
  private readonly evidence = inject(EvidenceService);
  private readonly language = injectLanguage();

  async check(name: string, raw: Uint8Array): Promise<Finding> {
    const start = new TextDecoder().decode(raw.slice(0, 4096)) + new TextDecoder().decode(raw.slice(-4096));
    try {
      if (start.includes(RECEIPT_FORMAT)) return await this.receipt(raw);
      if (start.includes(BUNDLE_FORMAT)) return await this.bundle(raw);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      const summary = $localize`The file has been changed or cut short: ${error.where}:place: should be ${error.expected}:expected:.`;
      return { title: name, summary, isRight: false, lines: [] };
    }
    return this.plain(name, raw);
  }

  private async receipt(raw: Uint8Array): Promise<Finding> {
    const receipt = readReceipt(raw);
    const { chainId, contracts } = this.communities.require();
    const place = { chainId: BigInt(chainId), marketplace: contracts.marketplace, community: contracts.community };
    const count = await this.sessions.count();
    const title = $localize`Receipt of session ${String(receipt.session)}:session:`;
    if (receipt.session < 1n || receipt.session > BigInt(count)) {
      const summary = $localize`This community has no such session, so the receipt is not one of it.`;
      return { title, summary, isRight: false, lines: [] };
    }
    const detail = await this.sessions.detail(Number(receipt.session));
    const result = await recheckAside(detail, place, this.published.read);
    const steps = checkReceipt(receipt, detail, result, place, detail.settlement);
    const lines = steps.map(({ id, verdict, where }): FindingLine => ({
      verdict: verdict === 'not-yet' ? 'open' : verdict,
      text: RECEIPT_STEPS[id] + (where ? ` (${where})` : ''),
    }));
    const wrong = lines.filter((line) => line.verdict === 'wrong').length;
    const summary = wrong
      ? $localize`${wrong}:count: claims of this receipt do not hold: it has been changed, or somebody settled wrongly.`
      : $localize`Every claim that can be checked holds: this browser computed it from the chain.`;
    return { title, summary, isRight: wrong === 0, lines };
  }

  private async bundle(raw: Uint8Array): Promise<Finding> {
    const bundle = readBundle(raw);
    const fault = bundleFault(bundle);
    const title = $localize`Readings of ${bundle.day}:day:, version ${String(bundle.version)}:version:`;
    const lines: FindingLine[] = [
      {
        verdict: fault ? 'wrong' : 'right',
        text: fault
          ? this.faultSentence(fault)
          : $localize`All ${bundle.readings.length}:count: readings lead to the root ${bundle.root}:root:`,
      },
    ];
    const found = await this.evidence.root(bundle);
    const isOurs = bundle.community === this.communities.require().contracts.community.toLowerCase();
    const isNotarised = isOurs && found.root === bundle.root && found.isFinal;
    lines.push({
      verdict: isNotarised ? 'right' : 'wrong',
      text: isNotarised
        ? $localize`The operators notarised this root on the chain, and it is final`
        : $localize`The chain has no such final root for this community, day and version`,
    });
    const isRight = !fault && isNotarised;
    const summary = isRight
      ? $localize`These are the readings that the operators notarised, whole and unchanged.`
      : $localize`This bundle proves nothing: ask the operator for another.`;
    return { title, summary, isRight, lines };
  }

  private faultSentence(fault: BundleFault): string {
    if (fault.kind === 'gap') {
      const [expected, found] = [Number(fault.expected), Number(fault.found)];
      return $localize`After ${showMoment(expected, this.language)}:expected: the readings go on at ${showMoment(found, this.language)}:found:.`;
    }
    const at = showMoment(Number(fault.reading.start), this.language);
    return fault.kind === 'proof'
      ? $localize`The reading of ${at}:time: does not lead to the root.`
      : $localize`The reading of ${at}:time: is missing, and has energy.`;
  }

  private plain(name: string, raw: Uint8Array): Finding {
    const cid = cidOf(raw);
    const named = name.replace(/\.json$/, '');
    const isNamed = named === cid;
    const lines: FindingLine[] = [{ verdict: isNamed ? 'right' : 'open', text: cid }];
    const summary = isNamed
      ? $localize`The file is what its name says.`
      : $localize`The file's name on the chain would be the one below; compare it with the session's.`;
    return { title: $localize`A file of ${raw.length}:size: bytes`, summary, isRight: true, lines };
  }
}
