//! What driver and device may do next.

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The driver adds a chain with segments of these lengths.
    Add {
        readable: Vec<u8>,
        writable: Vec<u8>,
    },
    /// The platform shares no more than so many segments, and the driver adds a chain.
    AddUnshared {
        shared: u8,
        readable: Vec<u8>,
        writable: Vec<u8>,
    },
    Publish,
    /// The driver takes back so many chains at most.
    Poll(u8),
    /// The driver asks for an interrupt after so many chains.
    Arm(u8),
    Disarm,
    /// The device takes so many chains at most.
    Take(u8),
    /// The device asks for a notification, or for none.
    Want,
    Refuse,
    /// The device uses one of the chains that it has, and writes a part of it. Numbers are taken modulo what there is.
    Use {
        pick: u16,
        written: u16,
    },
    /// The device uses so many chains at once, if it may.
    UseBatch {
        chains: u8,
        written: u16,
    },
    /// The device shows what it used.
    Show,
}

/// Steps that get chains through, a little different in each round.
pub(crate) fn round(round: usize) -> Vec<Step> {
    let pick = |n: usize| (n as u16).wrapping_mul(0x9e37);
    let written = pick(round + 1);
    let mut steps = vec![
        Step::Arm(1 + (round % 3) as u8),
        Step::Add { readable: vec![3], writable: vec![] },
        Step::Add { readable: vec![1 + (round % 7) as u8], writable: vec![4; round % 3] },
        if round.is_multiple_of(2) { Step::Want } else { Step::Refuse },
        Step::Publish,
        Step::Add { readable: vec![], writable: vec![8] },
        Step::AddUnshared { shared: 1, readable: vec![2, 2], writable: vec![2] },
        Step::Publish,
        Step::Take(8),
    ];
    if round.is_multiple_of(3) {
        steps.push(Step::UseBatch { chains: 2, written });
    }
    steps.extend((0..4).map(|i| Step::Use { pick: pick(round * 5 + i), written }));
    steps.extend([Step::Show, Step::Poll(8)]);
    steps
}
