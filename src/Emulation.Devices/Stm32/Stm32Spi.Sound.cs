using Emulation.Core;

namespace Emulation.Devices;

/// <content>I2S mode. RM0090 28.4.</content>
public sealed partial class Stm32Spi
{
    private readonly CycleTimer _sounding;
    private readonly Register _soundPrescaler;
    private readonly bool _hasSound;
    private bool _right, _soundRight, _secondHalf;
    private uint _sound;

    /// <summary>Raised when a sample for one channel has left, at the end of its slot.</summary>
    public event Action<I2sSample>? SoundSent;

    /// <summary>Gives the sample that comes in for a channel (true: the right one), with its most significant bit at <see cref="SoundBits"/> - 1; without it the line is low.</summary>
    public Func<bool, uint>? SoundWanted { get; set; }

    /// <summary>Bits of a sample: DATLEN.</summary>
    public int SoundBits => (_i2s.Value >> 1 & 3) switch { 0 => 16, 1 => 24, _ => 32 };

    /// <summary>Samples per second and channel that the registers and the clock give; 0 while I2S is off or a slave.</summary>
    public double SoundRate => SoundRuns && IsSoundMaster && HalfFrame != 0 ? _sounding.Frequency.Hertz / (2.0 * HalfFrame) : 0;

    private bool SoundRuns => (_i2s.Value & 0xc00) == 0xc00 && _hasSound;

    private bool IsSoundMaster => (_i2s.Value & 0x200) != 0;

    private bool SoundReceives => (_i2s.Value & 0x100) != 0;

    private bool IsWide => SoundBits > 16;

    // 28.4.4: cycles of I2SxCLK that a channel takes
    private ulong HalfFrame
    {
        get
        {
            ulong divider = (2 * (_soundPrescaler.Value & 0xff)) + (_soundPrescaler.Value >> 8 & 1);
            bool frame32 = IsWide || (_i2s.Value & 1) != 0;
            return (_soundPrescaler.Value & 0x200) != 0 ? 128 * divider : (frame32 ? 32UL : 16) * divider;
        }
    }

    /// <summary>Another device is the master of the I2S lines and clocks one channel.</summary>
    /// <param name="sample">What it sends, where this one receives.</param>
    /// <returns>What this one sends; 0 when it is no transmitting slave.</returns>
    public uint ClockSound(I2sSample sample)
    {
        if (!SoundRuns || IsSoundMaster || !BusClock.IsRunning)
            return 0;
        _soundRight = sample.Right;
        uint sent = 0;
        for (int half = IsWide ? 1 : 0; half >= 0; half--)
        {
            if (SoundReceives)
            {
                _right = _soundRight;
                Keep((ushort)(IsWide ? Align(sample.Value, sample.Bits) >> (16 * half) : sample.Value));
            }
            else
            {
                // nothing was written in time: the slave underruns, and repeats what it has
                _underrun.Value |= !_full;
                if (_full)
                    _shift = _transmit;
                _full = false;
                sent = (sent << 16) | _shift;
                _right = half == 0 ? !_soundRight : _soundRight;
            }

            Update();
        }

        return SoundBits == 24 ? sent >> 8 : sent;
    }

    private static uint Align(uint value, int bits) => bits >= 32 ? value : value << (32 - bits);

    private void OnSoundControl()
    {
        if (IsI2s && !_hasSound && (_i2s.Value & 0x400) != 0)
            Log.Error(Name, "not modelled: this controller has no I2S");
        if (!SoundRuns)
            ResetSound();
        else if (!_sounding.IsArmed)
            StartSound();
    }

    // a transmitter begins when there is data, a receiver at once
    private void StartSound()
    {
        if (!SoundRuns || !IsSoundMaster || _sounding.IsArmed || HalfFrame == 0)
            return;
        LoadHalfWord(extend: false);
    }

    private void LoadHalfWord(bool extend)
    {
        if (!SoundReceives && !_full)
            return;
        if (!SoundReceives)
        {
            (_sound, _full) = ((_sound << 16) | _transmit, false);
            // CHSIDE tells whose data is wanted next (28.5.3)
            _right = IsWide && !_secondHalf ? _soundRight : !_soundRight;
        }

        ulong cycles = IsWide ? HalfFrame / 2 : HalfFrame;
        if (extend)
            _sounding.Extend(cycles);
        else
            _sounding.Arm(cycles);
    }

    private void OnHalfWord()
    {
        bool complete = !IsWide || _secondHalf;
        if (SoundReceives)
        {
            if (!_secondHalf)
                _sound = SoundWanted?.Invoke(_soundRight) ?? 0;
            uint value = IsWide ? Align(_sound, SoundBits) : _sound;
            _right = _soundRight;
            Keep((ushort)(IsWide && !_secondHalf ? value >> 16 : value));
        }

        bool right = _soundRight;
        uint sent = SoundBits switch { 16 => _sound & 0xffff, 24 => _sound >> 8, _ => _sound };
        _secondHalf = !complete;
        if (complete)
            _soundRight = !_soundRight;
        bool emits = complete && !SoundReceives;
        int bits = SoundBits;
        if (SoundRuns && HalfFrame != 0)
            LoadHalfWord(extend: true);
        Update();
        if (emits)
            SoundSent?.Invoke(new I2sSample(right, bits, sent));
    }

    private void ResetSound()
    {
        _sounding.Disarm();
        (_right, _soundRight, _secondHalf, _sound) = (false, false, false, 0);
    }

    private void SaveSound(StateWriter writer)
    {
        foreach (bool flag in (bool[])[_right, _soundRight, _secondHalf])
            writer.Write(flag);
        writer.Write(_sound);
        _sounding.Save(writer);
    }

    private void LoadSound(StateReader reader)
    {
        (_right, _soundRight, _secondHalf) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        _sound = reader.ReadUInt32();
        _sounding.Load(reader);
    }
}
