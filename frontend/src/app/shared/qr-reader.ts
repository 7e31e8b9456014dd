/** Takes a QR code from the camera, or from a picture that is chosen, dropped or pasted. Nothing leaves the browser. */

import {
  ChangeDetectionStrategy,
  Component,
  OnDestroy,
  output,
  signal,
  viewChild,
  type ElementRef,
} from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import { detector, textOfPicture } from './qr-reading';

const LOOK_EVERY_MS = 200;

@Component({
  selector: 'cw-qr-reader',
  imports: [MatButtonModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(paste)': 'paste($event)', '(drop)': 'drop($event)', '(dragover)': '$event.preventDefault()' },
  template: `
    <div class="row">
      @if (!isLooking()) {
        @if (hasCamera) {
          <button matButton="outlined" type="button" (click)="look()" i18n>Scan with the camera</button>
        }
      } @else {
        <button matButton="outlined" type="button" (click)="stop()" i18n>Stop the camera</button>
      }
      <label class="field picture">
        <span i18n>or a picture of the code: choose, drop or paste it</span>
        <input type="file" accept="image/*" data-qr-picture (change)="choose($event)" />
      </label>
    </div>
    <video #video muted playsinline [hidden]="!isLooking()" aria-hidden="true"></video>
    <div aria-live="polite">
      @if (isLooking()) {
        <p class="small muted" i18n>Hold the code in front of the camera.</p>
      }
      @if (said(); as sentence) {
        <p class="note warn">{{ sentence }}</p>
      }
    </div>
  `,
  styles: `
    video {
      width: 100%;
      max-width: 22rem;
      border-radius: 8px;
      margin-top: 0.5rem;
    }
    .picture {
      flex: 1 1 14rem;
    }
  `,
})
export class QrReader implements OnDestroy {
  /** What a code says. */
  readonly found = output<string>();
  private readonly video = viewChild.required<ElementRef<HTMLVideoElement>>('video');
  protected readonly hasCamera = typeof navigator.mediaDevices?.getUserMedia === 'function';
  protected readonly isLooking = signal(false);
  protected readonly said = signal<string | null>(null);
  private stream: MediaStream | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  ngOnDestroy(): void {
    this.stop();
  }

  protected async look(): Promise<void> {
    this.said.set(null);
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      const video = this.video().nativeElement;
      video.srcObject = this.stream;
      this.isLooking.set(true);
      await video.play();
      const reader = await detector();
      this.lookAgain(video, (image) => reader.detect(image));
    } catch {
      this.stop();
      this.said.set($localize`The camera cannot be used. Write the address, or use a picture of the code.`);
    }
  }

  protected stop(): void {
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.isLooking.set(false);
  }

  protected choose(event: Event): void {
    const field = event.target as HTMLInputElement;
    void this.read(field.files?.item(0));
    field.value = '';
  }

  protected drop(event: DragEvent): void {
    event.preventDefault();
    void this.read(event.dataTransfer?.files.item(0));
  }

  protected paste(event: ClipboardEvent): void {
    void this.read(event.clipboardData?.files.item(0));
  }

  private lookAgain(
    video: HTMLVideoElement,
    detect: (image: ImageBitmapSource) => Promise<readonly { readonly rawValue: string }[]>,
  ): void {
    this.timer = setTimeout(async () => {
      if (!this.stream) return;
      // A frame that cannot be read is followed by another one.
      const codes = video.readyState >= video.HAVE_CURRENT_DATA ? await detect(video).catch(() => []) : [];
      if (!this.stream) return;
      if (codes.length === 0) return this.lookAgain(video, detect);
      this.stop();
      this.found.emit(codes[0].rawValue);
    }, LOOK_EVERY_MS);
  }

  private async read(picture: File | null | undefined): Promise<void> {
    if (!picture) return;
    this.said.set(null);
    const text = await textOfPicture(picture).catch(() => null);
    if (text === null) this.said.set($localize`No code was found in this picture.`);
    else this.found.emit(text);
  }
}
