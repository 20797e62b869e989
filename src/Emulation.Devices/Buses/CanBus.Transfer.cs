using Emulation.Core;

namespace Emulation.Devices;

// A frame from arbitration to intermission. ISO 11898-1, 10.
public sealed partial class CanBus
{
    private const int ErrorFrameBits = 6 + 8 + CanFrameBits.IntermissionBits, SuspendBits = 8, EndBits = 1 + 7;

    private void OnTimer()
    {
        switch (_phase)
        {
            case Phase.Arbitration:
                Arbitrate();
                break;
            case Phase.Frame:
                Acknowledge();
                break;
            case Phase.EndOfFrame:
                Complete();
                break;
            case Phase.Intermission:
                (_phase, IdleSince) = (Phase.Idle, _clock.Now);
                Request();
                break;
            case Phase.Idle:
                break;
        }
    }

    private void Arbitrate()
    {
        long now = _clock.Now;
        _contenders.Clear();
        bool waits = false;
        foreach ((int slot, object part) in _nodes.Entries)
        {
            if (part is not ICanNode { BitTime: > 0, IsSilent: false } node || !node.TryGetFrame(out CanFrame frame))
                continue;
            if (slot == _suspended && now < _suspendedUntil)
                waits = true;
            else
                _contenders.Add((slot, frame));
        }

        if (_contenders.Count == 0)
        {
            _phase = waits ? Phase.Arbitration : Phase.Idle;
            if (waits)
                _timer.Arm(_suspendedUntil);
            return;
        }

        (int Slot, CanFrame Frame) winner = _contenders[0];
        foreach ((int Slot, CanFrame Frame) contender in _contenders)
        {
            if (contender.Frame.Priority < winner.Frame.Priority)
                winner = contender;
        }

        (_sender, _frame) = winner;
        _suspended = -1;
        _bitTime = Node(_sender)!.BitTime;
        _start = now;
        FrameCount++;
        _phase = Phase.Frame;
        _timer.Arm(_start + Duration(CanFrameBits.Length(_frame) - EndBits));
        (int Slot, CanFrame Frame)[] all = [.. _contenders];
        foreach ((int slot, CanFrame frame) in all)
        {
            if (slot == _sender)
                Node(slot)?.TransmissionStarted(frame);
            else
                Node(slot)?.ArbitrationLost(frame);
        }
    }

    // the ACK slot is over: whether the frame stands is decided here
    private void Acknowledge()
    {
        if (Node(_sender) is not { BitTime: > 0 } sender)
        {
            EndTransfer(ErrorFrameBits);
            return;
        }

        bool destroyed = _faults.Take(BusFaultKind.Error) is not null, dropped = _faults.Take(BusFaultKind.Nack) is not null, acknowledged = false;
        foreach ((int slot, object part) in _nodes.Entries)
        {
            if (slot == _sender || part is not ICanNode { BitTime: > 0 } node)
                continue;
            if (Matches(node, _bitTime))
                acknowledged |= !node.IsSilent && !dropped;
            else if (node is { IsSilent: false, IsErrorPassive: false })
                destroyed = true;
        }

        if (destroyed)
            Fail(sender, CanError.BitRecessive, CanError.Stuff);
        else if (!acknowledged)
            Fail(sender, CanError.Acknowledge, CanError.Form);
        else
            Proceed(Phase.EndOfFrame, EndBits);
    }

    private void Fail(ICanNode sender, CanError error, CanError othersError)
    {
        int slot = _sender;
        Tell(error);
        EndTransfer(ErrorFrameBits);
        Suspend(slot, sender);
        sender.Failed(error, isTransmitter: true);
        foreach (ICanNode node in Others(slot))
            node.Failed(othersError, isTransmitter: false);
    }

    private void Complete()
    {
        int slot = _sender;
        CanFrame frame = _frame;
        long bitTime = _bitTime;
        ICanNode? sender = Node(slot);
        Tell(CanError.None);
        EndTransfer(CanFrameBits.IntermissionBits);
        if (sender is not null)
        {
            Suspend(slot, sender);
            sender.Transmitted(frame);
        }

        foreach (ICanNode node in Others(slot))
        {
            if (Matches(node, bitTime))
                node.Received(frame);
            else
                node.Failed(CanError.Stuff, isTransmitter: false);
        }
    }

    private ICanNode[] Others(int slot)
        => [.. _nodes.Entries.Where(e => e.Slot != slot && e.Part is ICanNode { BitTime: > 0 }).Select(static e => (ICanNode)e.Part)];

    private void Suspend(int slot, ICanNode sender)
    {
        if (sender.IsErrorPassive)
            (_suspended, _suspendedUntil) = (slot, _timer.Deadline + Duration(SuspendBits));
    }

    private void EndTransfer(int bits)
    {
        _sender = -1;
        Proceed(Phase.Intermission, bits);
    }

    private void Proceed(Phase phase, int bits)
    {
        _phase = phase;
        _timer.Arm(_clock.Now + Duration(bits));
    }

    private long Duration(int bits) => (long)((((Int128)_bitTime * bits) + 999) / 1000);

    private void Tell(CanError error)
    {
        if (Observed is { } observed)
            observed(new CanEvent(_clock.Now, _start, Node(_sender)?.Name ?? "", _frame, error));
    }

    private static bool Matches(ICanNode node, long bitTime) => Math.Abs(node.BitTime - bitTime) <= bitTime / 100;
}
