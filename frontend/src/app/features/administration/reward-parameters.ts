/** The reward models' parameters, all that ever were in force; the oracle administrator adds the next, for days to come. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';

import { dayNumber } from '../../core/audit/readings';
import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { rewardModelsAbi } from '../../core/chain/generated/abis';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { parseDecimal } from '../../core/market/units';
import { injectLanguage } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { ChoiceField } from '../../shared/choice-field';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { dateOf } from '../rewards/days';
import { explained, isComplete, MODEL_NAMES, ModelKind, type Parameters } from '../rewards/parameters';
import { TOKEN_DECIMALS } from '../tokens/categories';

const MODELS = [ModelKind.SelfConsumption, ModelKind.NoPeaks, ModelKind.Combined] as const;

@Component({
  selector: 'cw-reward-parameters',
  imports: [Action, ChoiceField, Failure, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './reward-parameters.html',
})
export class RewardParameters {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly language = injectLanguage();
  private readonly when = injectMoment();
  protected readonly isAdmin = injectRole('ORACLE_ADMIN');
  protected readonly names: Readonly<Record<number, string>> = MODEL_NAMES;
  protected readonly dateOf = dateOf;

  protected readonly history = loaded(this.when, async ({ community: { contracts } }) => {
    const [client, at] = [this.chain.require(), { address: contracts.rewards, abi: rewardModelsAbi } as const];
    const count = Number(await client.readContract({ ...at, functionName: 'parametersCount' }));
    const numbers = Array.from({ length: count }, (_, place) => BigInt(count - place));
    return Promise.all(
      numbers.map(async (number) => {
        const [parameters, fromDay] = await client.readContract({
          ...at,
          functionName: 'parametersAt',
          args: [number],
        });
        return { number, parameters, fromDay, sentences: explained(parameters, this.language) };
      }),
    );
  });

  protected readonly models = MODELS.map((value) => ({ value: value as ModelKind, name: MODEL_NAMES[value] }));
  protected readonly model = signal<ModelKind>(ModelKind.SelfConsumption);
  protected readonly own = signal('50');
  protected readonly load = signal('100');
  protected readonly production = signal('75');
  protected readonly threshold = signal('0');
  protected readonly full = signal('20');
  protected readonly firstWeight = signal('50');
  protected readonly secondWeight = signal('50');
  protected readonly perKwh = signal('0.1');
  protected readonly most = signal('1');
  protected readonly fromDate = signal('');

  protected readonly isEnergy = computed(() => this.model() !== ModelKind.NoPeaks);
  protected readonly isPeaks = computed(() => this.model() !== ModelKind.SelfConsumption);
  /** What would be set; null where a figure is none. */
  protected readonly written = computed((): Parameters | null => {
    const texts = [
      this.own,
      this.load,
      this.production,
      this.threshold,
      this.full,
      this.firstWeight,
      this.secondWeight,
    ];
    const shares = texts.map((text) => parseDecimal(text(), 2));
    const [perKwh, most] = [this.perKwh(), this.most()].map((text) => parseDecimal(text, TOKEN_DECIMALS));
    if (perKwh === null || most === null || shares.some((share) => share === null || share > 10_000n)) return null;
    const [ownBps, loadBps, productionBps, thresholdBps, fullBps, first, second] = shares.map(Number);
    const parameters = {
      model: this.model(),
      ownBps,
      loadBps,
      productionBps,
      thresholdBps,
      fullBps,
      selfConsumptionWeightBps: first,
      noPeaksWeightBps: second,
      tokensPerKwh: perKwh,
      maxTokens: most,
    };
    return isComplete(parameters) ? parameters : null;
  });
  protected readonly said = computed(() => {
    const written = this.written();
    return written ? explained(written, this.language) : [];
  });

  protected readonly set = (): readonly Call[] => {
    const address = this.communities.require().contracts.rewards;
    const args = [this.written(), dayNumber(this.fromDate())];
    return [{ address, abi: rewardModelsAbi, functionName: 'setParameters', args }];
  };
}
