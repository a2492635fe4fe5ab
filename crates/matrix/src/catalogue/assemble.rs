//! From a list of entries to a checked tree.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use thiserror::Error;

use super::{CSF_SUBCATEGORIES, Catalogue, ITIL_PRACTICES, NewNode, OTHER, Origin, Owner, Owners, Service};

/// The most levels an id can have.
pub const MAX_DEPTH: usize = 6;
/// The longest id, in characters.
pub const MAX_ID_LENGTH: usize = 120;
/// The most nodes that can be written down in one catalogue.
pub const MAX_NODES: usize = 5_000;
/// The longest name, and the longest other name, in characters.
const MAX_NAME_LENGTH: usize = 200;
/// The longest description in characters.
const MAX_DESCRIPTION_LENGTH: usize = 2_000;

/// Why services cannot be added to a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExtendError {
    /// The id is not of the right form.
    #[error("service id `{id}`: {reason}; write lower-case words such as `line-of-business.cad-support`")]
    BadId {
        /// The id as given, cut to a readable length.
        id: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A part of the id is the reserved word `other`.
    #[error("service id `{id}`: `other` is reserved, every branch has it already; choose a name of its own")]
    Reserved {
        /// The id as given.
        id: String,
    },
    /// The catalogue has this id already, or two additions have it.
    #[error("service `{id}` is in the catalogue already; drop it or choose another id")]
    Duplicate {
        /// The id.
        id: String,
    },
    /// No service has the id's parent.
    #[error("service `{id}`: there is no service `{parent}` to put it under; {hint}")]
    UnknownParent {
        /// The id as given.
        id: String,
        /// The parent that it names.
        parent: String,
        /// What to write instead.
        hint: String,
    },
    /// A name, description or reference is missing, too long or unknown.
    #[error("service `{id}`: {reason}")]
    BadText {
        /// The id as given.
        id: String,
        /// What is wrong and what to write.
        reason: String,
    },
    /// More nodes than a catalogue can have.
    #[error("{count} services are too many; a catalogue holds at most {MAX_NODES}")]
    TooMany {
        /// How many there would be.
        count: usize,
    },
}

/// Adds `additions` to the nodes that `catalogue` lists.
pub(super) fn extend(catalogue: &Catalogue, additions: Vec<NewNode>) -> Result<Catalogue, ExtendError> {
    let known = catalogue.listed().map(|node| (written(node), node.origin));
    let entries: Vec<_> = known.chain(additions.into_iter().map(|node| (node, Origin::Client))).collect();
    assemble(&entries).map_err(|error| with_suggestion(catalogue, error))
}

/// Checks the entries and builds the tree from them.
pub(super) fn assemble(entries: &[(NewNode, Origin)]) -> Result<Catalogue, ExtendError> {
    if entries.len() > MAX_NODES {
        return Err(ExtendError::TooMany { count: entries.len() });
    }
    let mut positions: FxHashMap<&str, usize> = FxHashMap::default();
    for (position, (node, _)) in entries.iter().enumerate() {
        check_id(&node.id)?;
        check_text(node)?;
        if positions.insert(&node.id, position).is_some() {
            return Err(ExtendError::Duplicate { id: node.id.clone() });
        }
    }
    let mut below: FxHashMap<Option<usize>, Vec<usize>> = FxHashMap::default();
    for (position, (node, _)) in entries.iter().enumerate() {
        let parent = match node.id.rsplit_once('.') {
            None => None,
            Some((parent, _)) => Some(*positions.get(parent).ok_or_else(|| ExtendError::UnknownParent {
                id: node.id.clone(),
                parent: parent.to_owned(),
                hint: "add that one too, or put it under a service that exists".to_owned(),
            })?),
        };
        below.entry(parent).or_default().push(position);
    }
    let mut builder = Builder { entries, below: &below, nodes: Vec::new(), leaves: Vec::new() };
    builder.emit_children(None, None);
    Ok(builder.finish())
}

struct Builder<'a> {
    entries: &'a [(NewNode, Origin)],
    below: &'a FxHashMap<Option<usize>, Vec<usize>>,
    nodes: Vec<Service>,
    leaves: Vec<u32>,
}

impl Builder<'_> {
    /// Emits everything below an entry (or at the top), then its `other`. The depth of ids bounds the recursion.
    fn emit_children(&mut self, entry: Option<usize>, parent: Option<u32>) {
        let below = self.below;
        for &child in below.get(&entry).map_or(&[][..], Vec::as_slice) {
            let (node, origin) = &self.entries[child];
            let owner = node.owner.clone().unwrap_or_else(|| self.owner_of(parent));
            let index = self.push(service(node, owner, *origin), parent);
            if below.contains_key(&Some(child)) {
                self.emit_children(Some(child), Some(index));
            } else {
                self.leaves.push(index);
            }
            self.close(index);
        }
        let other = self.other_of(parent);
        let index = self.push(other, parent);
        self.leaves.push(index);
        self.close(index);
    }

    fn push(&mut self, mut service: Service, parent: Option<u32>) -> u32 {
        let index = self.nodes.len() as u32;
        let first_leaf = self.leaves.len() as u32;
        service.parent = parent;
        service.depth = parent.map_or(0, |parent| self.nodes[parent as usize].depth + 1);
        service.span = (index, index);
        service.leaves = (first_leaf, first_leaf);
        self.nodes.push(service);
        index
    }

    fn close(&mut self, index: u32) {
        let node_end = self.nodes.len() as u32;
        let leaf_end = self.leaves.len() as u32;
        let node = &mut self.nodes[index as usize];
        node.span.1 = node_end;
        node.leaves.1 = leaf_end;
    }

    fn owner_of(&self, parent: Option<u32>) -> Owners {
        parent.map_or_else(root_owner, |parent| self.nodes[parent as usize].owner.clone())
    }

    fn other_of(&self, parent: Option<u32>) -> Service {
        let parent_node = parent.map(|index| &self.nodes[index as usize]);
        let node = match parent_node {
            Some(branch) => NewNode {
                id: format!("{}.{OTHER}", branch.id),
                name: format!("{}: anything else", branch.name),
                description: "Every duty of this branch that no other entry names.".to_owned(),
                itil: branch.itil.clone(),
                outside_fee: branch.outside_fee,
                ..NewNode::default()
            },
            None => NewNode {
                id: OTHER.to_owned(),
                name: "Anything else".to_owned(),
                description: "Every duty that no branch of the catalogue names.".to_owned(),
                itil: Some("Service request management".to_owned()),
                ..NewNode::default()
            },
        };
        service(&node, self.owner_of(parent), Origin::Implicit)
    }

    fn finish(self) -> Catalogue {
        let by_id = self.nodes.iter().enumerate().map(|(i, node)| (Arc::clone(&node.id), i as u32)).collect();
        Catalogue { nodes: self.nodes, by_id, leaf_nodes: self.leaves, words: OnceLock::new() }
    }
}

/// Who owns what nothing else says: the provider alone, or both must agree.
fn root_owner() -> Owners {
    Owners { managed: Owner::Provider, co_managed: Owner::Shared, provider_in: Vec::new() }
}

fn service(node: &NewNode, owner: Owners, origin: Origin) -> Service {
    Service {
        id: Arc::from(node.id.as_str()),
        name: node.name.clone(),
        description: node.description.clone(),
        owner,
        outside_fee: node.outside_fee,
        itil: node.itil.clone(),
        csf: node.csf.clone(),
        also: node.also.clone(),
        origin,
        depth: 0,
        parent: None,
        span: (0, 0),
        leaves: (0, 0),
    }
}

/// A node as it would be written down.
fn written(node: &Service) -> NewNode {
    NewNode {
        id: node.id.to_string(),
        name: node.name.clone(),
        description: node.description.clone(),
        owner: Some(node.owner.clone()),
        outside_fee: node.outside_fee,
        itil: node.itil.clone(),
        csf: node.csf.clone(),
        also: node.also.clone(),
    }
}

fn check_id(id: &str) -> Result<(), ExtendError> {
    let bad = |reason| Err(ExtendError::BadId { id: id.chars().take(MAX_ID_LENGTH).collect(), reason });
    if id.chars().count() > MAX_ID_LENGTH {
        return bad("longer than 120 characters");
    }
    if id.split('.').count() > MAX_DEPTH {
        return bad("more than six levels");
    }
    for part in id.split('.') {
        if part.is_empty() {
            return bad("empty, or a dot with nothing beside it");
        }
        if !part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return bad("only a-z, 0-9, `-` and dots are allowed");
        }
        if !part.as_bytes()[0].is_ascii_alphanumeric() || part.ends_with('-') {
            return bad("a part starts or ends with `-`");
        }
        if part == OTHER {
            return Err(ExtendError::Reserved { id: id.to_owned() });
        }
    }
    Ok(())
}

fn check_text(node: &NewNode) -> Result<(), ExtendError> {
    let bad = |reason: String| Err(ExtendError::BadText { id: node.id.clone(), reason });
    if node.name.trim().is_empty() {
        return bad("it has no name; add one such as `name = \"CAD support\"`".to_owned());
    }
    if node.also.iter().chain([&node.name]).any(|name| name.chars().count() > MAX_NAME_LENGTH) {
        return bad(format!("a name is longer than {MAX_NAME_LENGTH} characters"));
    }
    if node.description.chars().count() > MAX_DESCRIPTION_LENGTH {
        return bad(format!("the description is longer than {MAX_DESCRIPTION_LENGTH} characters"));
    }
    if let Some(unknown) = node.csf.iter().find(|id| !CSF_SUBCATEGORIES.contains(&id.as_str())) {
        return bad(format!(
            "`{unknown}` is no NIST CSF 2.0 subcategory in force; write one such as `PR.DS-11`"
        ));
    }
    match &node.itil {
        Some(practice) if !ITIL_PRACTICES.contains(&practice.as_str()) => {
            bad(format!("`{practice}` is no ITIL 4 practice; write one such as `Incident management`"))
        }
        _ => Ok(()),
    }
}

/// Names the service that an unknown parent was probably meant to be.
fn with_suggestion(catalogue: &Catalogue, error: ExtendError) -> ExtendError {
    match error {
        ExtendError::UnknownParent { id, parent, hint } => {
            let hint = catalogue
                .find(&parent)
                .first()
                .map_or(hint, |found| format!("did you mean `{}`?", found.service.id));
            ExtendError::UnknownParent { id, parent, hint }
        }
        error => error,
    }
}
