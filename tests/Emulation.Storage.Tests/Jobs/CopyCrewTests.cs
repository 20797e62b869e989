using System.Collections.Concurrent;

namespace Emulation.Storage.Tests.Jobs;

/// <summary>How the threads of a copy share its pieces.</summary>
public sealed class CopyCrewTests
{
    [TestCase(1, true, false)]
    [TestCase(2, true, false)]
    [TestCase(4, true, true)]
    [TestCase(4, false, false)]
    [TestCase(3, false, true)]
    public async Task Each_piece_is_read_once_and_written_once_in_order_where_that_is_asked(int threads, bool inOrder, bool callerWorks)
    {
        var steps = new Steps(200, inOrder);
        using (var crew = new CopyCrew(steps, 5, static () => new CopyPiece(512, null), CancellationToken.None))
            await crew.RunAsync(threads, callerWorks);
        steps.Read.Should().BeEquivalentTo(Enumerable.Range(0, 200));
        if (inOrder)
            steps.Written.Should().Equal(Enumerable.Range(0, 200));
        else
            steps.Written.Should().BeEquivalentTo(Enumerable.Range(0, 200));
    }

    [TestCase("take")]
    [TestCase("read")]
    [TestCase("write")]
    public async Task The_first_failure_ends_the_work_and_is_told(string where)
    {
        foreach (bool callerWorks in new[] { false, true })
        {
            var steps = new Steps(1000, inOrder: true) { FailsAt = (where, 70) };
            using var crew = new CopyCrew(steps, 4, static () => new CopyPiece(512, null), CancellationToken.None);
            await crew.Invoking(c => c.RunAsync(3, callerWorks)).Should().ThrowAsync<IOException>().WithMessage(where);
            steps.Written.Should().Equal(Enumerable.Range(0, steps.Written.Count)).And.HaveCountLessThanOrEqualTo(70);
        }
    }

    [Test]
    public async Task Cancelling_ends_the_work_also_of_those_who_wait()
    {
        using var stop = new CancellationTokenSource();
        var steps = new Steps(int.MaxValue, inOrder: true) { OnWrite = index => _ = index == 50 ? stop.CancelAsync() : null };
        using var crew = new CopyCrew(steps, 2, static () => new CopyPiece(512, null), stop.Token);
        await crew.Invoking(c => c.RunAsync(6, callerWorks: false)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task The_caller_is_free_unless_it_works()
    {
        using var gate = new ManualResetEventSlim();
        var steps = new Steps(3, inOrder: true) { OnWrite = _ => gate.Wait() };
        using var crew = new CopyCrew(steps, 2, static () => new CopyPiece(512, null), CancellationToken.None);
        Task work = crew.RunAsync(1, callerWorks: false);
        work.IsCompleted.Should().BeFalse();
        gate.Set();
        await work;
        steps.Written.Should().Equal(0, 1, 2);
    }

    private sealed class Steps(int count, bool inOrder) : ICopySteps
    {
        private int _next;
        private int _taking;
        private int _writing;

        public bool InOrder => inOrder;

        public ConcurrentQueue<int> Read { get; } = [];

        public ConcurrentQueue<int> Written { get; } = [];

        public (string Step, int Index)? FailsAt { get; init; }

        public Action<int>? OnWrite { get; init; }

        public bool Take(CopyPiece piece, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _taking).Should().Be(1);
            Fail("take", _next);
            (piece.Offset, piece.Length) = (_next * 512L, _next == count ? 0 : 512);
            _next += piece.Length > 0 ? 1 : 0;
            Interlocked.Decrement(ref _taking);
            return piece.Length > 0;
        }

        void ICopySteps.Read(CopyPiece piece, CancellationToken cancellationToken)
        {
            int index = (int)(piece.Offset / 512);
            Fail("read", index);
            piece.Data.Span.Fill((byte)index);
            Read.Enqueue(index);
        }

        public void Write(CopyPiece piece, CancellationToken cancellationToken)
        {
            int writing = Interlocked.Increment(ref _writing);
            if (inOrder)
                writing.Should().Be(1);
            int index = (int)(piece.Offset / 512);
            Fail("write", index);
            OnWrite?.Invoke(index);
            piece.Data.Span.ContainsAnyExcept((byte)index).Should().BeFalse();
            Written.Enqueue(index);
            Interlocked.Decrement(ref _writing);
        }

        private void Fail(string step, int index)
        {
            if (FailsAt == (step, index))
                throw new IOException(step);
        }
    }
}
