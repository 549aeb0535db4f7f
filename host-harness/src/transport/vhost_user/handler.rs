//! What each message of a front end does.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd as _, FromRawFd as _, IntoRawFd as _};

use parakit_abi::device::DeviceType;
use vhost::VhostUserMemoryRegionBase;
use vhost::vhost_user::message::{
    VhostTransferStateDirection, VhostTransferStatePhase, VhostUserConfigFlags, VhostUserInflight, VhostUserLog,
    VhostUserMemoryRegion, VhostUserProtocolFeatures, VhostUserShMemConfig, VhostUserSharedMsg,
    VhostUserSingleMemoryRegion, VhostUserVringAddrFlags, VhostUserVringState,
};
use vhost::vhost_user::{Error, GpuBackend, Result, VhostUserBackendReqHandlerMut};
use vmm_sys_util::eventfd::EventFd;

use super::{FrontEndError, PROTOCOL_FEATURES, memory};
use crate::transport::device::VirtioDevice;

/// A device, for the messages of one front end.
pub(super) struct Handler {
    device: VirtioDevice,
    /// Whether the front end has accepted features.
    accepted: bool,
    /// The protocol features that it has accepted.
    protocol: u64,
}

impl From<FrontEndError> for Error {
    fn from(error: FrontEndError) -> Self {
        Self::ReqHandlerError(io::Error::other(error))
    }
}

/// A message of a feature of the protocol that this back end does not have.
fn unasked<T>(name: &'static str) -> Result<T> {
    Err(FrontEndError::Message { name }.into())
}

impl Handler {
    pub(super) fn new(device: VirtioDevice) -> Self {
        Self { device, accepted: false, protocol: 0 }
    }

    /// Whether the front end has accepted features.
    pub(super) fn has_features(&self) -> bool {
        self.accepted
    }

    /// Whether messages are answered that ask for it.
    pub(super) fn acknowledges(&self) -> bool {
        self.protocol & VhostUserProtocolFeatures::REPLY_ACK.bits() != 0
    }

    /// The index of a queue that the device has.
    fn queue(&self, queue: u32) -> Result<usize> {
        let queues = self.device.core().queues.len();
        let index = usize::try_from(queue).ok().filter(|index| *index < queues);
        Ok(index.ok_or(FrontEndError::Queue { queue, queues })?)
    }
}

/// An eventfd of the front end's. No read or write of it waits, so that nobody waits for the front end.
fn eventfd(file: File, what: &'static str, queue: usize) -> std::result::Result<EventFd, FrontEndError> {
    let fd = file.as_raw_fd();
    let link = std::fs::read_link(format!("/proc/self/fd/{fd}"));
    if !link.is_ok_and(|link| link.as_os_str() == "anon_inode:[eventfd]") {
        return Err(FrontEndError::NotAnEventFd { what, queue });
    }
    // SAFETY: the calls read and set flags of an open file that `file` owns.
    let set = unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFL);
        libc::fcntl(fd, libc::F_SETFL, flags | libc::O_NONBLOCK)
    };
    if set < 0 {
        return Err(FrontEndError::System { why: io::Error::last_os_error().to_string() });
    }
    // SAFETY: `file` owns the descriptor and gives it away.
    Ok(unsafe { EventFd::from_raw_fd(file.into_raw_fd()) })
}

impl VhostUserBackendReqHandlerMut for Handler {
    fn set_owner(&mut self) -> Result<()> {
        Ok(())
    }

    fn reset_owner(&mut self) -> Result<()> {
        // No longer in use, and understood in more than one way: what the front end says next counts.
        Ok(())
    }

    fn reset_device(&mut self) -> Result<()> {
        self.device.forget_bells();
        self.device.core().leave();
        Ok(())
    }

    fn get_features(&mut self) -> Result<u64> {
        Ok(self.device.core().offered.0 as u64 | 1 << PROTOCOL_FEATURES)
    }

    fn set_features(&mut self, features: u64) -> Result<()> {
        let protocol = 1 << PROTOCOL_FEATURES;
        self.accepted = true;
        Ok(self.device.core().accept(features & !protocol, features & protocol != 0)?)
    }

    fn set_mem_table(
        &mut self,
        table: &[VhostUserMemoryRegion],
        files: Vec<File>,
        _postcopy: Option<bool>,
    ) -> Result<Option<Vec<VhostUserMemoryRegionBase>>> {
        let (regions, memory) = memory::map(table, files)?;
        self.device.core().share(regions, memory)?;
        Ok(None)
    }

    fn set_vring_num(&mut self, index: u32, num: u32) -> Result<()> {
        let queue = self.queue(index)?;
        let mut core = self.device.core();
        let max = core.queues[queue].max;
        if num == 0 || num > u32::from(max) {
            return Err(FrontEndError::Size { queue, size: num, max }.into());
        }
        if let Some(port) = core.port_mut() {
            port.vrings[queue].size = num;
        }
        Ok(())
    }

    fn set_vring_addr(
        &mut self,
        index: u32,
        _flags: VhostUserVringAddrFlags,
        descriptor: u64,
        used: u64,
        available: u64,
        _log: u64,
    ) -> Result<()> {
        let queue = self.queue(index)?;
        let mut core = self.device.core();
        if let Some(port) = core.port_mut() {
            port.vrings[queue].areas = Some([descriptor, available, used]);
        }
        Ok(core.settle(queue)?)
    }

    fn set_vring_base(&mut self, index: u32, base: u32) -> Result<()> {
        let queue = self.queue(index)?;
        if let Some(port) = self.device.core().port_mut() {
            port.vrings[queue].base = base;
        }
        Ok(())
    }

    fn get_vring_base(&mut self, index: u32) -> Result<VhostUserVringState> {
        let queue = self.queue(index)?;
        let base = self.device.core().stop_vring(queue);
        Ok(VhostUserVringState::new(index, base))
    }

    fn set_vring_kick(&mut self, index: u8, file: Option<File>) -> Result<()> {
        let queue = self.queue(index.into())?;
        let file = file.ok_or(FrontEndError::Polling { queue })?;
        let kick = eventfd(file, "notify the device of", queue)?;
        let listening = self.device.listen_to(queue, kick);
        listening.map_err(|error| FrontEndError::System { why: error.to_string() })?;
        let mut core = self.device.core();
        if let Some(port) = core.port_mut() {
            port.vrings[queue].started = true;
        }
        Ok(core.settle(queue)?)
    }

    fn set_vring_call(&mut self, index: u8, file: Option<File>) -> Result<()> {
        let queue = self.queue(index.into())?;
        let call = file.map(|file| eventfd(file, "notify the driver of", queue)).transpose()?;
        if let Some(port) = self.device.core().port_mut() {
            port.vrings[queue].call = call;
        }
        Ok(())
    }

    fn set_vring_err(&mut self, index: u8, file: Option<File>) -> Result<()> {
        let queue = self.queue(index.into())?;
        let error = file.map(|file| eventfd(file, "report errors of", queue)).transpose()?;
        if let Some(port) = self.device.core().port_mut() {
            port.vrings[queue].error = error;
        }
        Ok(())
    }

    fn get_protocol_features(&mut self) -> Result<VhostUserProtocolFeatures> {
        let mut features = VhostUserProtocolFeatures::MQ | VhostUserProtocolFeatures::RESET_DEVICE;
        // Front ends wonder at a configuration space that their kind of device does not have.
        features.set(VhostUserProtocolFeatures::CONFIG, !self.device.core().config().is_empty());
        Ok(features)
    }

    fn set_protocol_features(&mut self, features: u64) -> Result<()> {
        self.protocol = features;
        Ok(())
    }

    /// Queues; of a network device pairs of them, as front ends count.
    fn get_queue_num(&mut self) -> Result<u64> {
        let core = self.device.core();
        let queues = core.queues.len() as u64;
        Ok(if core.device_type == DeviceType::NET { queues / 2 } else { queues })
    }

    fn set_vring_enable(&mut self, index: u32, enable: bool) -> Result<()> {
        let queue = self.queue(index)?;
        let mut core = self.device.core();
        if let Some(port) = core.port_mut() {
            port.vrings[queue].enabled = enable;
        }
        Ok(core.settle(queue)?)
    }

    /// What lies beyond the end is zeroes: front ends ask for as much as their own structure has.
    fn get_config(&mut self, offset: u32, size: u32, _flags: VhostUserConfigFlags) -> Result<Vec<u8>> {
        let mut bytes = vec![0; size as usize];
        self.device.core().read_device_config(offset.into(), &mut bytes);
        Ok(bytes)
    }

    fn set_config(&mut self, offset: u32, bytes: &[u8], _flags: VhostUserConfigFlags) -> Result<()> {
        self.device.core().config_passed_on(offset, bytes);
        Ok(())
    }

    /// A front end shows what a GPU draws through a socket of its own. This one keeps its picture, and has nothing to say there.
    fn set_gpu_socket(&mut self, _gpu_backend: GpuBackend) -> Result<()> {
        Ok(())
    }

    fn get_shared_object(&mut self, _uuid: VhostUserSharedMsg) -> Result<File> {
        unasked("GET_SHARED_OBJECT")
    }

    fn get_inflight_fd(&mut self, _inflight: &VhostUserInflight) -> Result<(VhostUserInflight, File)> {
        unasked("GET_INFLIGHT_FD")
    }

    fn set_inflight_fd(&mut self, _inflight: &VhostUserInflight, _file: File) -> Result<()> {
        unasked("SET_INFLIGHT_FD")
    }

    fn get_max_mem_slots(&mut self) -> Result<u64> {
        unasked("GET_MAX_MEM_SLOTS")
    }

    fn add_mem_region(
        &mut self,
        _region: &VhostUserSingleMemoryRegion,
        _file: File,
        _postcopy: Option<bool>,
    ) -> Result<Option<VhostUserMemoryRegionBase>> {
        unasked("ADD_MEM_REG")
    }

    fn remove_mem_region(&mut self, _region: &VhostUserSingleMemoryRegion) -> Result<()> {
        unasked("REM_MEM_REG")
    }

    fn set_device_state_fd(
        &mut self,
        _direction: VhostTransferStateDirection,
        _phase: VhostTransferStatePhase,
        _file: File,
    ) -> Result<Option<File>> {
        unasked("SET_DEVICE_STATE_FD")
    }

    fn check_device_state(&mut self) -> Result<()> {
        unasked("CHECK_DEVICE_STATE")
    }

    fn get_shmem_config(&mut self) -> Result<VhostUserShMemConfig> {
        unasked("GET_SHMEM_CONFIG")
    }

    fn set_log_base(&mut self, _log: &VhostUserLog, _file: File) -> Result<()> {
        unasked("SET_LOG_BASE")
    }
}
