/** A member's readings with their proofs, day by day: fetched for the member alone, checked here, kept by the member. */

import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import { ApiClient, type Schema } from '../../core/api/client';
import { SignInService } from '../../core/api/sign-in';
import { dayNumber } from '../../core/audit/readings';
import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { measurementNotaryAbi } from '../../core/chain/generated/abis';
import { bundleFault, readBundle } from '../../core/market/bundle';
import { WalletService } from '../../core/wallet/wallet';
import { Failure } from '../../shared/failure';
import { saveFile } from '../../shared/save-file';

interface Checked {
  readonly day: string;
  readonly isRight: boolean;
  readonly text: string;
}

@Component({
  selector: 'cw-take-out',
  imports: [MatButtonModule, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack" aria-labelledby="take-out">
      <h2 id="take-out" i18n>Take your readings out</h2>
      <p class="muted" i18n>
        A file a day, with your readings, their salts and proofs. With it anybody to whom you give it can check them
        against the chain, without this community's servers.
      </p>
      @if (days() === null) {
        <div>
          <button matButton="outlined" type="button" (click)="list()" i18n>Sign in and list my days</button>
        </div>
      }
      <ul>
        @for (one of days() ?? []; track one.day + one.version) {
          <li class="row">
            <span i18n>{{ one.day }}, version {{ one.version }}</span>
            <button type="button" class="link" [attr.data-bundle]="one.day" (click)="fetch(one.day)" i18n>
              Check and save
            </button>
            @if (checked(); as result) {
              @if (result.day === one.day) {
                <span [class]="'badge ' + (result.isRight ? 'good' : 'bad')" role="status">{{ result.text }}</span>
              }
            }
          </li>
        } @empty {
          @if (days() !== null) {
            <li class="muted" i18n>No notarised day of yours is there yet.</li>
          }
        }
      </ul>
      <cw-failure [of]="failure()" />
    </section>
  `,
  styles: `
    ul {
      list-style: none;
      padding: 0;
      margin: 0;
      display: grid;
      gap: 0.5rem;
    }
  `,
})
export class TakeOut {
  private readonly api = inject(ApiClient);
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly signIn = inject(SignInService);
  private readonly wallet = inject(WalletService);
  protected readonly days = signal<readonly Schema<'BundleDay'>[] | null>(null);
  protected readonly checked = signal<Checked | null>(null);
  protected readonly failure = signal<unknown>(null);

  protected list(): Promise<void> {
    return this.trying(async () => this.days.set(await this.api.ask<Schema<'BundleDay'>[]>(this.path())));
  }

  protected fetch(day: string): Promise<void> {
    return this.trying(async () => {
      const file = await this.api.file(`${this.path()}/${day}`);
      this.checked.set(await this.check(day, new Uint8Array(await file.arrayBuffer())));
      saveFile(`readings-${day}.json`, file);
    });
  }

  private async check(day: string, raw: Uint8Array): Promise<Checked> {
    const bundle = readBundle(raw);
    if (bundleFault(bundle)) {
      return { day, isRight: false, text: $localize`its readings do not lead to its root: ask another operator` };
    }
    const isNotarised = await this.chain.require().readContract({
      address: this.communities.require().contracts.notary,
      abi: measurementNotaryAbi,
      functionName: 'isNotarised',
      args: [dayNumber(bundle.day), Number(bundle.version), bundle.root],
    });
    const text = isNotarised
      ? $localize`whole, and its root is on the chain for good`
      : $localize`whole, but its root is not final on the chain`;
    return { day, isRight: isNotarised, text };
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    this.failure.set(null);
    try {
      await this.signIn.ensure();
      await work();
    } catch (error) {
      this.failure.set(error);
    }
  }

  private path(): `/v1/${string}` {
    const { contracts } = this.communities.require();
    return `/v1/communities/${contracts.community.toLowerCase()}/members/${this.wallet.require().account}/bundles`;
  }
}
